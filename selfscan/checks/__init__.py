"""How each type of question is checked."""
