"""The verbs over layers that are larger than memory: the same analysis, part by part, and the same answer."""
