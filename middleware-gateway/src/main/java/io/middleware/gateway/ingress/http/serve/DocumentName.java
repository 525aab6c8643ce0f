package io.middleware.gateway.ingress.http.serve;

/** What the gateway's own documents are called where rules say who may read them. */
final class DocumentName {
    private DocumentName() {}

    /** Returns the name of the document at a path. */
    static String of(String path) {
        if (path.startsWith("/openapi")) {
            return "openapi";
        }
        if (path.startsWith("/api")) {
            return "api";
        }
        if (path.startsWith("/dashboard/calls") || path.startsWith("/dashboard/replay")) {
            return "why";
        }
        if (path.startsWith("/dashboard/tap")) {
            return "tap";
        }
        return path.startsWith("/dashboard/faults") ? "faults" : "dashboard";
    }
}
