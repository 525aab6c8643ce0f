package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.Fault.Setting.IN_FLIGHT;
import static io.middleware.chaos.matrix.Fault.Setting.LONG_CALLS;
import static io.middleware.chaos.matrix.Fault.Setting.OWN_CLIENT;
import static io.middleware.chaos.matrix.Fault.Setting.USUAL;

import io.middleware.chaos.matrix.Fault.Goal;
import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import java.time.Duration;
import java.util.List;

/** All rows of the matrix. {@link #NONE}, the run without a fault, is what the others are compared with. */
final class Faults {

    private static final Duration SECOND = Duration.ofSeconds(1);

    static final Fault NONE = new Fault("0", "no fault", Goal.nothingLost(), USUAL, injector -> {});

    static final List<Fault> ALL = List.of(
            new Fault("1", "one primary killed", Goal.slowest(10), USUAL, injector -> first(injector, "kill", "start")),
            new Fault(
                    "2",
                    "one primary stopped: leaves, drains",
                    Goal.slowest(5),
                    USUAL,
                    injector -> first(injector, "stop", "start")),
            new Fault(
                    "3", "one primary frozen", Goal.slowest(40), USUAL, injector -> first(injector, "pause", "resume")),
            new Fault(
                    "4",
                    "one answers UNAVAILABLE to all",
                    Goal.slowest(10),
                    USUAL,
                    injector -> fault(injector, "unavailable")),
            new Fault("5", "one becomes 2 s slow", Goal.slowest(40), USUAL, injector -> fault(injector, "slow=2s")),
            new Fault(
                    "6", "one accepts and never answers", Goal.slowest(40), USUAL, injector -> fault(injector, "hang")),
            new Fault(
                    "7", "packets to one vanish", Goal.slowest(40), USUAL, injector -> first(injector, "cut", "mend")),
            new Fault(
                    "8", "two of three primaries killed", Goal.slowest(20), USUAL, injector -> primaries(injector, 2)),
            new Fault(
                    "9",
                    "all primaries killed",
                    Goal.slowest(50).servedBySecondary(),
                    USUAL,
                    injector -> primaries(injector, Integer.MAX_VALUE)),
            new Fault("10", "all servers restarted, one after another", Goal.p999(50), USUAL, Faults::roll),
            new Fault(
                    "11a",
                    "Consul killed",
                    Goal.slowest(10),
                    USUAL,
                    injector -> injector.breakPart("consul", "kill", "start")),
            new Fault("11b", "Consul killed, then a primary", Goal.slowest(10), USUAL, injector -> {
                injector.breakPart("consul", "kill", "start");
                injector.sleep(SECOND.multipliedBy(3));
                first(injector, "kill", "start");
            }),
            new Fault(
                    "12a",
                    "Consul frozen",
                    Goal.slowest(5),
                    USUAL,
                    injector -> injector.breakPart("consul", "pause", "resume")),
            new Fault(
                    "12b",
                    "Consul restarted with its data, after 9 s",
                    Goal.slowest(5),
                    USUAL,
                    injector -> restartOfConsul(injector, List.of())),
            new Fault(
                    "12c",
                    "Consul restarted empty, after 9 s",
                    Goal.slowest(5),
                    USUAL,
                    injector -> restartOfConsul(injector, List.of("wipe", "consul"))),
            new Fault(
                    "13a",
                    "one gateway killed",
                    Goal.slowest(100),
                    OWN_CLIENT,
                    injector -> gateway(injector, "kill", "start")),
            new Fault(
                    "13b",
                    "one gateway stopped: drains",
                    Goal.slowest(100),
                    OWN_CLIENT,
                    injector -> gateway(injector, "stop", "start")),
            new Fault(
                    "13c",
                    "one gateway frozen",
                    Goal.slowest(5_500),
                    OWN_CLIENT,
                    injector -> gateway(injector, "pause", "resume")),
            new Fault(
                    "13d",
                    "one gateway killed, calls of 3 s",
                    Goal.nothingLost(),
                    LONG_CALLS,
                    injector -> gateway(injector, "kill", "start")),
            new Fault("14", "Nginx reloaded every second", Goal.slowest(100), USUAL, Faults::reloads),
            // capacity: 3 primaries x 4 calls at a time / 110 ms = 109 calls a second; they get 330
            new Fault(
                    "15",
                    "three times the load that the servers can serve",
                    Goal.served(0.9 * 109),
                    USUAL,
                    injector -> injector.parts()
                            .servers()
                            .forEach(server -> injector.inject(server.name(), "busy=4x110ms"))),
            new Fault(
                    "16",
                    "10 % of all attempts answer UNAVAILABLE",
                    Goal.attempts(1.2),
                    USUAL,
                    injector ->
                            injector.parts().servers().forEach(server -> injector.inject(server.name(), "flaky=10"))),
            new Fault(
                    "17",
                    "one answers INTERNAL to all",
                    Goal.failing(0.02),
                    USUAL,
                    injector -> fault(injector, "internal")),
            new Fault(
                    "1w",
                    "one primary killed, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    injector -> first(injector, "kill", "start")),
            new Fault(
                    "2w",
                    "one primary stopped, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    injector -> first(injector, "stop", "start")),
            new Fault(
                    "8w",
                    "two of three primaries killed, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    injector -> primaries(injector, 2)),
            new Fault("10w", "all servers restarted, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, Faults::roll));

    private Faults() {}

    private static void first(FaultInjector injector, String command, String remedy) {
        injector.breakPart(injector.parts().primaries().getFirst().name(), command, remedy);
    }

    private static void fault(FaultInjector injector, String mode) {
        injector.inject(injector.parts().primaries().getFirst().name(), mode);
    }

    private static void primaries(FaultInjector injector, int most) {
        injector.parts().primaries().stream()
                .limit(most)
                .forEach(part -> injector.breakPart(part.name(), "kill", "start"));
    }

    private static void gateway(FaultInjector injector, String command, String remedy) {
        injector.breakPart(injector.parts().gateways().getFirst().name(), command, remedy);
    }

    private static void roll(FaultInjector injector) {
        for (Part server : injector.parts().servers()) {
            injector.restart(server.name());
        }
    }

    private static void restartOfConsul(FaultInjector injector, List<String> meanwhile) throws InterruptedException {
        injector.breakPart("consul", "kill", "start");
        injector.sleep(SECOND.multipliedBy(9));
        if (!meanwhile.isEmpty()) {
            injector.run(meanwhile.toArray(String[]::new));
        }
        injector.mend();
    }

    private static void reloads(FaultInjector injector) throws InterruptedException {
        for (int second = 0; second < 10; second++) {
            injector.breakPart("nginx", "reload", "reload");
            injector.sleep(SECOND);
        }
    }
}
