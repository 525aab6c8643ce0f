package io.middleware.gateway.dashboard.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import io.middleware.core.record.CallRecord;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class IncidentsTest {
    private static final Outcome BROKEN =
            new Outcome(Outcome.Kind.IN_DOUBT, Code.UNAVAILABLE, "the connection broke", Outcome.Evidence.NONE);
    private static final Outcome GIVEN_UP =
            new Outcome(Outcome.Kind.IN_DOUBT, Code.CANCELLED, "another was faster", Outcome.Evidence.NONE);

    private long now;
    private final Service service = service();
    private final Instance broken = service.instances().getFirst();
    private final Instance other = service.instances().getLast();
    private final Incidents incidents = new Incidents(() -> now);

    @Test
    void callsThatMovedOrWereLost_areCounted_alsoAfterTheEjection() {
        CallRecord moved = call();
        moved.started(broken, false);
        pass(41);
        Supplier<Map<String, Long>> numbers = incidents.onEjection(broken);
        assertThat(numbers.get()).as("no call has ended").isEmpty();

        moved.ended(1, null, BROKEN);
        moved.started(other, false);
        moved.settled(2);
        moved.concluded(Code.OK, null, false);
        assertThat(numbers.get()).isEqualTo(Map.of("moved", 1L, "lost", 0L, "afterMs", 41L));

        CallRecord lost = call();
        lost.started(broken, false);
        lost.ended(1, null, BROKEN);
        lost.settled(0);
        lost.concluded(Code.UNAVAILABLE, new Failure(Code.UNAVAILABLE, "nobody is left"), false);
        assertThat(numbers.get()).containsEntry("lost", 1L);

        incidents.close(broken);
        assertThat(incidents.onEjection(broken).get())
                .as("the next one is another")
                .isEmpty();
    }

    @Test
    void callThatTriesAnInstanceTwice_countsOnce() {
        CallRecord lost = call();
        for (int attempt = 1; attempt <= 2; attempt++) {
            lost.started(broken, false);
            lost.ended(attempt, null, BROKEN);
        }
        lost.settled(0);
        lost.concluded(Code.UNAVAILABLE, new Failure(Code.UNAVAILABLE, "nobody is left"), false);

        assertThat(incidents.onEjection(broken).get()).containsEntry("lost", 1L);
    }

    @Test
    void hedgeThatLostTheRace_isNoTrouble() {
        CallRecord hedged = call();
        hedged.started(broken, false);
        hedged.started(other, true);
        hedged.ended(1, null, GIVEN_UP);
        hedged.settled(2);
        hedged.concluded(Code.OK, null, false);

        assertThat(incidents.onEjection(broken).get()).isEmpty();
    }

    @Test
    void failureLongBefore_belongsToNoEjection() {
        CallRecord moved = call();
        moved.started(broken, false);
        moved.ended(1, null, BROKEN);
        moved.started(other, false);
        moved.settled(2);
        moved.concluded(Code.OK, null, false);
        pass(6_000);

        assertThat(incidents.onEjection(broken).get()).isEmpty();
    }

    private CallRecord call() {
        return new CallRecord(
                new Call("/a.A/B", null, Call.NO_DEADLINE, false, null, null),
                service,
                null,
                () -> now,
                null,
                incidents::onEnd);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private Service service() {
        Directory directory =
                new Directory(name -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), () -> now);
        directory.update("a", List.of(registration("a-1"), registration("a-2")));
        return directory.services().getFirst();
    }

    private static Registration registration(String id) {
        return new Registration(id, "127.0.0.1", 1, Pool.PRIMARY, 1, List.of("a.A"), false, true, 1, 1);
    }
}
