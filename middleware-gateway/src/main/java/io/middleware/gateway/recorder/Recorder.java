package io.middleware.gateway.recorder;

import io.middleware.core.Call;
import io.middleware.core.record.CallListener;
import io.middleware.core.record.CallRecord;
import io.middleware.gateway.ended.EndedCall;
import io.middleware.gateway.headers.MiddlewareHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps the last unusual calls; of the others a sample, and the {@link Slowest}. What is usual is decided at a call's end, so each
 * call is recorded while it runs; most records are dropped then. A call whose id begins with {@value #WANTED_PREFIX} is kept in any case.
 */
final class Recorder implements CallListener {
    /** How a call id begins whose call is kept in any case. */
    static final String WANTED_PREFIX = "why-";

    private static final int WANTED = 100;
    /** Anybody may be refused as often as they like: such calls push out each other alone. */
    private static final int REFUSED = 100;

    private static final int MOST_ALIKE = 10;
    /** Callers choose paths and ids: long ones would cost more memory than all else. */
    private static final int LONGEST_PATH = 500;

    private static final int LONGEST_ID = 200;
    /** A record of the most steps takes about 25 KB. */
    private static final long HEAP_OF_A_CALL = 128 << 10;

    private final InstantSource clock;
    private final Supplier<Duration> registryAge;
    private final int oneIn;
    private final Ring<KeptCall> unusual;
    private final Ring<KeptCall> others;
    private final Ring<KeptCall> wanted = new Ring<>(WANTED);
    private final Ring<KeptCall> refused = new Ring<>(REFUSED);
    private final Slowest slowest = new Slowest();
    private final AtomicLong usual = new AtomicLong();

    /**
     * Creates one.
     *
     * @param unusual     for how many unusual calls there is room
     * @param others      for how many others
     * @param oneIn       which of the others are kept: each first of so many
     * @param registryAge supplies how old the registry's last response is; zero while it responds
     */
    Recorder(int unusual, int others, int oneIn, InstantSource clock, Supplier<Duration> registryAge) {
        int most = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_OF_A_CALL);
        this.unusual = new Ring<>(Math.min(unusual, most));
        this.others = new Ring<>(Math.min(others, most));
        this.oneIn = oneIn;
        this.clock = clock;
        this.registryAge = registryAge;
    }

    @Override
    public void onEnd(CallRecord record) {
        if (record.path().length() > LONGEST_PATH) {
            return;
        }
        Set<Trait> traits = Trait.of(record);
        if (isWanted(record)) {
            wanted.add(kept(record, traits));
        } else if (traits.isEmpty()) {
            keepIfChosen(record);
        } else {
            (traits.equals(Trait.ONLY_REFUSED) ? refused : unusual).add(kept(record, traits));
        }
    }

    private void keepIfChosen(CallRecord record) {
        long minute = TimeUnit.MILLISECONDS.toMinutes(clock.millis());
        if (usual.getAndIncrement() % oneIn == 0) {
            others.add(kept(record, Set.of()));
        } else if (Trait.isUnary(record) && slowest.takes(minute, record.nanos())) {
            slowest.add(minute, kept(record, Set.of()));
        }
    }

    private static boolean isWanted(CallRecord record) {
        CharSequence id = id(record);
        return id.length() > WANTED_PREFIX.length()
                && CharSequence.compare(id.subSequence(0, WANTED_PREFIX.length()), WANTED_PREFIX) == 0;
    }

    private static CharSequence id(CallRecord record) {
        Call call = record.call();
        CharSequence id = call == null ? null : call.headers().get(MiddlewareHeaders.CALL_ID);
        return id == null ? "" : id;
    }

    private KeptCall kept(CallRecord record, Set<Trait> traits) {
        Instant came = clock.instant().minus(Duration.ofNanos(record.nanos()));
        CharSequence id = id(record);
        String kept = id.subSequence(0, Math.min(id.length(), LONGEST_ID)).toString();
        Call call = record.call();
        return new KeptCall(
                kept,
                EndedCall.caller(record),
                came,
                call == null ? null : call.resentAfter(),
                registryAge.get(),
                traits,
                record);
    }

    /** Returns the last calls with an id, the newest first: callers may choose ids, so there can be many. */
    List<KeptCall> find(String id) {
        return all().filter(call -> call.id().equals(id)).limit(MOST_ALIKE).toList();
    }

    /** Returns all calls that are kept, the newest first. */
    Stream<KeptCall> all() {
        return Stream.concat(
                        Stream.of(wanted, unusual, refused, others).flatMap(ring -> ring.newestFirst().stream()),
                        slowest.all().stream())
                .sorted(Comparator.comparing(KeptCall::came).reversed());
    }
}
