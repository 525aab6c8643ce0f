package io.middleware.gateway.security.identity;

import io.middleware.core.Failure;
import java.util.concurrent.CompletableFuture;

/** What the credentials of a call say. */
public sealed interface Verdict {
    /** {@code caller}: such as {@code key:shop}; printable ASCII. */
    record Known(String caller) implements Verdict {}

    /** There is a credential, and it is wrong; or nobody can say yet whether it is right. */
    record Refused(Failure failure) implements Verdict {}

    /** It will be known soon. {@code verdict}: completed on any thread, with another kind; never exceptionally. */
    record Pending(CompletableFuture<Verdict> verdict) implements Verdict {}
}
