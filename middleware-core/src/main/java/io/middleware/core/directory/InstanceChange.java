package io.middleware.core.directory;

import io.middleware.core.instance.Instance;

/** What the registry's news changed about one instance of a service. */
public record InstanceChange(Kind kind, Service service, Instance instance) {

    /** What happened to the instance. */
    public enum Kind {
        CAME("is new"),
        /** It passes its checks, and did not before. */
        CONFIRMED("passes its checks"),
        /** It passes its checks as before, but its registration has changed. */
        RENEWED("is registered anew"),
        FAILING("fails a check"),
        /** Too many were lost at once with it for that to be believed. */
        DOUBTED("is kept as unconfirmed"),
        MAINTENANCE("is in maintenance"),
        GONE("is gone");

        private final String inWords;

        Kind(String inWords) {
            this.inWords = inWords;
        }

        String inWords() {
            return inWords;
        }
    }
}
