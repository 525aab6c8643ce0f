package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.Fault.Setting.IN_FLIGHT;
import static io.middleware.chaos.matrix.Fault.Setting.LONG_CALLS;
import static io.middleware.chaos.matrix.Fault.Setting.OWN_CLIENT;
import static io.middleware.chaos.matrix.Fault.Setting.USUAL;

import io.middleware.chaos.Part;
import io.middleware.chaos.Stage;
import io.middleware.chaos.matrix.Fault.Goal;
import java.time.Duration;
import java.util.List;

/** All rows. The first is the run without a fault, by which the others are measured. */
final class Faults {

    private static final Duration SECOND = Duration.ofSeconds(1);

    static final Fault NONE = new Fault("0", "no fault", Goal.nothingLost(), USUAL, stage -> {});

    static final List<Fault> ALL = List.of(
            new Fault("1", "one primary killed", Goal.slowest(10), USUAL, stage -> first(stage, "kill", "start")),
            new Fault(
                    "2",
                    "one primary stopped: leaves, drains",
                    Goal.slowest(5),
                    USUAL,
                    stage -> first(stage, "stop", "start")),
            new Fault("3", "one primary frozen", Goal.slowest(40), USUAL, stage -> first(stage, "pause", "resume")),
            new Fault(
                    "4",
                    "one answers UNAVAILABLE to all",
                    Goal.slowest(10),
                    USUAL,
                    stage -> fault(stage, "unavailable")),
            new Fault("5", "one becomes 2 s slow", Goal.slowest(40), USUAL, stage -> fault(stage, "slow=2s")),
            new Fault("6", "one accepts and never answers", Goal.slowest(40), USUAL, stage -> fault(stage, "hang")),
            new Fault("7", "packets to one vanish", Goal.slowest(40), USUAL, stage -> first(stage, "cut", "mend")),
            new Fault("8", "two of three primaries killed", Goal.slowest(20), USUAL, stage -> primaries(stage, 2)),
            new Fault(
                    "9",
                    "all primaries killed",
                    Goal.slowest(50).withAnswersOfASecondary(),
                    USUAL,
                    stage -> primaries(stage, Integer.MAX_VALUE)),
            new Fault("10", "all servers restarted, one after another", Goal.p999(50), USUAL, Faults::roll),
            new Fault(
                    "11a", "Consul killed", Goal.slowest(10), USUAL, stage -> stage.breaks("consul", "kill", "start")),
            new Fault("11b", "Consul killed, then a primary", Goal.slowest(10), USUAL, stage -> {
                stage.breaks("consul", "kill", "start");
                stage.waits(SECOND.multipliedBy(3));
                first(stage, "kill", "start");
            }),
            new Fault(
                    "12a", "Consul frozen", Goal.slowest(5), USUAL, stage -> stage.breaks("consul", "pause", "resume")),
            new Fault(
                    "12b",
                    "Consul restarted with its data, after 9 s",
                    Goal.slowest(5),
                    USUAL,
                    stage -> restartOfConsul(stage, List.of())),
            new Fault(
                    "12c",
                    "Consul restarted empty, after 9 s",
                    Goal.slowest(5),
                    USUAL,
                    stage -> restartOfConsul(stage, List.of("wipe", "consul"))),
            new Fault(
                    "13a",
                    "one gateway killed",
                    Goal.slowest(100),
                    OWN_CLIENT,
                    stage -> gateway(stage, "kill", "start")),
            new Fault(
                    "13b",
                    "one gateway stopped: drains",
                    Goal.slowest(100),
                    OWN_CLIENT,
                    stage -> gateway(stage, "stop", "start")),
            new Fault(
                    "13c",
                    "one gateway frozen",
                    Goal.slowest(5_500),
                    OWN_CLIENT,
                    stage -> gateway(stage, "pause", "resume")),
            new Fault(
                    "13d",
                    "one gateway killed, calls of 3 s",
                    Goal.nothingLost(),
                    LONG_CALLS,
                    stage -> gateway(stage, "kill", "start")),
            new Fault("14", "Nginx reloaded every second", Goal.slowest(100), USUAL, Faults::reloads),
            // three primaries that work on 4 calls of 110 ms each can serve 109 calls a second; they get 330
            new Fault(
                    "15",
                    "three times the load that the servers can serve",
                    Goal.served(0.9 * 109),
                    USUAL,
                    stage -> stage.parts().servers().forEach(server -> stage.faults(server.name(), "busy=4x110ms"))),
            new Fault(
                    "16",
                    "10 % of all attempts answer UNAVAILABLE",
                    Goal.attempts(1.2),
                    USUAL,
                    stage -> stage.parts().servers().forEach(server -> stage.faults(server.name(), "flaky=10"))),
            new Fault(
                    "17", "one answers INTERNAL to all", Goal.failing(0.02), USUAL, stage -> fault(stage, "internal")),
            new Fault(
                    "1w",
                    "one primary killed, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    stage -> first(stage, "kill", "start")),
            new Fault(
                    "2w",
                    "one primary stopped, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    stage -> first(stage, "stop", "start")),
            new Fault(
                    "8w",
                    "two of three primaries killed, calls of 50 ms",
                    Goal.nothingLost(),
                    IN_FLIGHT,
                    stage -> primaries(stage, 2)),
            new Fault("10w", "all servers restarted, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, Faults::roll));

    private Faults() {}

    private static void first(Stage stage, String command, String remedy) {
        stage.breaks(stage.parts().primaries().getFirst().name(), command, remedy);
    }

    private static void fault(Stage stage, String mode) {
        stage.faults(stage.parts().primaries().getFirst().name(), mode);
    }

    private static void primaries(Stage stage, int most) {
        stage.parts().primaries().stream().limit(most).forEach(part -> stage.breaks(part.name(), "kill", "start"));
    }

    private static void gateway(Stage stage, String command, String remedy) {
        stage.breaks(stage.parts().gateways().getFirst().name(), command, remedy);
    }

    private static void roll(Stage stage) {
        for (Part server : stage.parts().servers()) {
            stage.restarts(server.name());
        }
    }

    private static void restartOfConsul(Stage stage, List<String> meanwhile) throws InterruptedException {
        stage.breaks("consul", "kill", "start");
        stage.waits(SECOND.multipliedBy(9));
        if (!meanwhile.isEmpty()) {
            stage.run(meanwhile.toArray(String[]::new));
        }
        stage.mends();
    }

    private static void reloads(Stage stage) throws InterruptedException {
        for (int second = 0; second < 10; second++) {
            stage.breaks("nginx", "reload", "reload");
            stage.waits(SECOND);
        }
    }
}
