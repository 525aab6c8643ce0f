package io.middleware.gateway.dashboard.peers;

import io.middleware.gateway.dashboard.chain.KnownPicture;
import io.middleware.gateway.dashboard.picture.GatewayPicture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another gateway, and what it said last. */
final class Peer {
    /** A gateway that is busy misses a question; one that is gone misses all of them. */
    private static final int SILENT_AFTER = 2;

    private final String id;
    private @Nullable GatewayPicture picture;
    private long heard;
    private int missed;
    private boolean asked;
    private boolean silent;
    private boolean withheld;

    /** {@code now}: nanoseconds of the ticker, as everywhere here. */
    Peer(String id, long now) {
        this.id = id;
        this.heard = now;
    }

    /** Returns whether it may be asked now: it does not owe a response. */
    synchronized boolean ask() {
        boolean may = !asked;
        asked = true;
        return may;
    }

    /** Returns whether it was silent before. */
    synchronized boolean onPicture(GatewayPicture newer, long now) {
        asked = false;
        picture = newer;
        heard = now;
        missed = 0;
        boolean back = silent;
        silent = false;
        withheld = false;
        return back;
    }

    /** Called when it refused, as it did not get the credentials of who looks. Returns whether it did not before. */
    synchronized boolean onWithheld() {
        asked = false;
        boolean was = withheld;
        withheld = true;
        // what it said before may be old
        silent = picture != null;
        return !was;
    }

    /** Called when it gave no picture. Returns whether that makes it silent, and it was not before. */
    synchronized boolean onMissed() {
        asked = false;
        missed++;
        boolean was = silent;
        silent = missed >= SILENT_AFTER;
        return silent && !was && picture != null;
    }

    synchronized long heard() {
        return heard;
    }

    synchronized KnownPicture known(long now) {
        return new KnownPicture(id, picture, TimeUnit.NANOSECONDS.toMillis(now - heard), silent, withheld);
    }
}
