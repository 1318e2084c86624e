"""``limits``: what layers' own metadata say of their limits."""
