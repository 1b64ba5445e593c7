"""What won in other accounts."""


class CrossLearner:
    def __init__(self):
        self.patterns = []

    def record(self, ad_id, accounts, roas):
        self.patterns.append({"ad_id": ad_id, "accounts": accounts, "roas": roas})

    def find_similar_patterns(self, ad_id, min_accounts, min_roas):
        return [
            pattern
            for pattern in self.patterns
            if pattern["ad_id"] == ad_id
            and pattern["accounts"] >= min_accounts
            and pattern["roas"] >= min_roas
        ]


_learner = CrossLearner()


def get_cross_learner():
    return _learner
