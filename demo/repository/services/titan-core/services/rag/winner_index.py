"""Advertisements that won, and which of them a request resembles."""


class WinnerIndex:
    winners = []

    def find_similar(self, query, k):
        words = set(query.lower().split())

        def shared(winner):
            return len(words & set(winner.get("hook_text", "").lower().split()))

        ranked = [winner for winner in sorted(self.winners, key=shared, reverse=True) if shared(winner)]
        return ranked[:k]
