package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives a run its load: starts one when needed, and a new one where the last has ended or is made by other clients. */
public final class Loads implements AutoCloseable {

    public interface Starter {
        Load start(Callers callers);
    }

    /**
     * Who makes the calls.
     *
     * @param hedging  whether gRPC calls are made by the project's client, which hedges
     * @param critical share of the calls that are critical, while the others are sheddable; 0: all are normal
     */
    public record Callers(boolean hedging, double critical) {
        public static final Callers PLAIN = new Callers(false, 0);
        public static final Callers HEDGING = new Callers(true, 0);
    }

    private final Starter starter;
    private final Clock clock;
    private final Duration warmUp;
    private @Nullable Load load;
    private Callers callers = Callers.PLAIN;

    /** @param warmUp least time that a new load runs before it is measured */
    public Loads(Starter starter, Clock clock, Duration warmUp) {
        this.starter = starter;
        this.clock = clock;
        this.warmUp = warmUp;
    }

    /** Returns a warm load that lasts, without the records of earlier calls. */
    public Load ready(Callers wanted) throws InterruptedException {
        if (load == null || !callers.equals(wanted) || !load.lasts()) {
            close();
            callers = wanted;
            load = starter.start(wanted);
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
