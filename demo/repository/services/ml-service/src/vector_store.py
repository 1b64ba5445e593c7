"""Vectors by name, and the nearest of them."""


class VectorStore:
    _vectors = {}

    def add(self, key, vector, metadata=None):
        self._vectors[key] = (vector, metadata or {})

    def get(self, key):
        entry = self._vectors.get(key)
        return entry[0] if entry else None

    def find_similar(self, vector, k):
        def closeness(item):
            return sum(a * b for a, b in zip(vector, item[1][0]))

        ranked = sorted(self._vectors.items(), key=closeness, reverse=True)
        return [key for key, _ in ranked[:k]]
