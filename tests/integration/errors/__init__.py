"""For each error code what provokes it, in a method of its own: test_lower_case_code."""
