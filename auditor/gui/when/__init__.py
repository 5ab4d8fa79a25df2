"""When was this true: a condition, and the versions at which it held."""
