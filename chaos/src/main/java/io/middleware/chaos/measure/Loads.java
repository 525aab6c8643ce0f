package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives a run its load: starts one when needed, and a new one where the last has ended or is made by other clients. */
public final class Loads implements AutoCloseable {

    public interface Starter {
        /** @param hedging whether gRPC calls are made by the project's client, which hedges */
        Load start(boolean hedging);
    }

    private final Starter starter;
    private final Clock clock;
    private final Duration warmUp;
    private @Nullable Load load;
    private boolean hedging;

    /** @param warmUp least time that a new load runs before it is measured */
    public Loads(Starter starter, Clock clock, Duration warmUp) {
        this.starter = starter;
        this.clock = clock;
        this.warmUp = warmUp;
    }

    /** Returns a warm load that lasts, without the records of earlier calls. */
    public Load ready(boolean withHedging) throws InterruptedException {
        if (load == null || hedging != withHedging || !load.lasts()) {
            close();
            hedging = withHedging;
            load = starter.start(withHedging);
            WarmUp.await(load, clock, warmUp);
        }
        load.calls().forgetUntil(clock.micros());
        return load;
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
            load = null;
        }
    }
}
