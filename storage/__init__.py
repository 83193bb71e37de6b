"""All SQL of the project, and the keystore."""
