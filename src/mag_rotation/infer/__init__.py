"""An existing calendar to the plan that gives its calls."""
