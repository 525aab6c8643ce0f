package io.middleware.core;

import org.jspecify.annotations.Nullable;

/** Finds the keys of calls to sticky services, for which it knows the names of headers and the form of messages. */
public interface StickyKeys {
    /** Finds none: no call is sticky. */
    StickyKeys NONE = new StickyKeys() {
        @Override
        public @Nullable CharSequence inHeaders(Call call, StickyRule rule) {
            return null;
        }

        @Override
        public @Nullable Reader inRequest(Call call, StickyRule rule) {
            return null;
        }
    };

    /** Reads a request as it comes, until its key is known. Confined to the call's thread. */
    interface Reader {
        /** Reads more; the chunk stays the caller's. Returns true if nothing more is needed. */
        boolean read(Chunk chunk);

        /** Returns the key in what was read; null for none. */
        @Nullable
        CharSequence key();
    }

    /** Returns the key of a call that is sticky by a header or its caller; null if it has none. */
    @Nullable
    CharSequence inHeaders(Call call, StickyRule rule);

    /** Returns a reader for a call that is sticky by a field of its request; null if the method's request has no such field. */
    @Nullable
    Reader inRequest(Call call, StickyRule rule);
}
