"""As much of a web framework as the tests need where FastAPI is not installed."""


class HTTPException(Exception):
    def __init__(self, status_code, detail=""):
        super().__init__(detail)
        self.status_code = status_code


class FastAPI:
    def __init__(self):
        self.routes = {}
        self.startup = []

    def _route(self, path):
        def register(handler):
            self.routes[path] = handler
            return handler

        return register

    get = post = _route

    def on_event(self, event):
        def register(handler):
            self.startup.append(handler)
            return handler

        return register
