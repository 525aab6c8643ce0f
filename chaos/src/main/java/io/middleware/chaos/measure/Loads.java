package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import java.time.Duration;

/** The load of a run, which is started when it is needed: anew where the last one ends, and for other callers. */
public final class Loads implements AutoCloseable {

    /** Starts one. */
    public interface Starter {
        /** @param hedging the gRPC callers use the project's own client */
        Load start(boolean hedging);
    }

    private final Starter starter;
    private final Clock clock;
    private final Duration warmUp;
    private Load load;
    private boolean hedging;

    /** @param warmUp how long a new one runs at least before it is given out */
    public Loads(Starter starter, Clock clock, Duration warmUp) {
        this.starter = starter;
        this.clock = clock;
        this.warmUp = warmUp;
    }

    /** One that is warm and lasts, without the records of earlier calls. */
    public Load ready(boolean byOwnClient) throws InterruptedException {
        if (load == null || hedging != byOwnClient || !load.lasts()) {
            close();
            hedging = byOwnClient;
            load = starter.start(byOwnClient);
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
