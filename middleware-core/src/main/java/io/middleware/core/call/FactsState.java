package io.middleware.core.call;

import io.middleware.core.record.Facts;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link CallState} that {@link Facts} describe, be they of now or recorded. Decisions are made from it, so that what was
 * recorded is what was decided by.
 */
final class FactsState implements CallState {
    private final Facts facts;
    private final int mostAttempts;
    private final BooleanSupplier peerHasRoom;
    private @Nullable Boolean peerHasRoomSaid;

    /** {@code peerHasRoom}: is asked once at most, and only if the decision depends on it. */
    FactsState(Facts facts, int mostAttempts, BooleanSupplier peerHasRoom) {
        this.facts = facts;
        this.mostAttempts = mostAttempts;
        this.peerHasRoom = peerHasRoom;
    }

    @Override
    public boolean idempotent() {
        return facts.idempotent();
    }

    @Override
    public boolean requestKept() {
        return facts.requestKept();
    }

    @Override
    public int attempts() {
        return facts.attempts();
    }

    @Override
    public boolean mayHaveRun() {
        return facts.mayHaveRun();
    }

    @Override
    public boolean requestBlamedTwice() {
        return facts.requestBlamedTwice();
    }

    @Override
    public boolean retriesLeft() {
        return facts.retries() < mostAttempts - 1;
    }

    @Override
    public boolean budgetLeft() {
        return facts.budget() >= 1;
    }

    @Override
    public boolean retryRequested() {
        return facts.retryRequested();
    }

    @Override
    public boolean retryForbidden() {
        return facts.retryForbidden();
    }

    @Override
    public boolean mustWait() {
        return facts.mustWait();
    }

    @Override
    public boolean keyInUse() {
        return facts.keyInUse();
    }

    @Override
    public boolean untriedLeft() {
        return facts.untriedLeft();
    }

    @Override
    public boolean availableUntriedLeft() {
        return facts.availableUntriedLeft();
    }

    @Override
    public boolean allTriedBefore() {
        return facts.allTriedBefore();
    }

    @Override
    public boolean peerHasRoom() {
        if (peerHasRoomSaid == null) {
            peerHasRoomSaid = peerHasRoom.getAsBoolean();
        }
        return peerHasRoomSaid;
    }

    @Override
    public int inFlight() {
        return facts.inFlight();
    }

    @Override
    public long waited(long now) {
        return facts.waited();
    }

    @Override
    public boolean latestUnsent() {
        return facts.latestUnsent();
    }

    @Override
    public boolean latestLost() {
        return facts.latestLost();
    }

    @Override
    public boolean someUnsent() {
        return facts.someUnsent();
    }

    @Override
    public boolean someStranded() {
        return facts.someStranded();
    }

    @Override
    public boolean allUnavailable() {
        return facts.allUnavailable();
    }

    @Override
    public long hedgeDelay(long now) {
        return facts.hedgeDelay();
    }

    @Override
    public boolean instancesChecked() {
        return facts.instancesChecked();
    }

    @Override
    public boolean hedgeRefused() {
        return facts.hedgeRefused();
    }

    /** Returns the facts, with what was asked meanwhile. */
    Facts facts() {
        return peerHasRoomSaid == null ? facts : facts.withPeerHasRoom(peerHasRoomSaid);
    }
}
