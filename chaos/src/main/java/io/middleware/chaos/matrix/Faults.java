package io.middleware.chaos.matrix;

import static io.middleware.chaos.matrix.Fault.Setting.IN_FLIGHT;
import static io.middleware.chaos.matrix.Fault.Setting.LONG_CALLS;
import static io.middleware.chaos.matrix.Fault.Setting.OWN_CLIENT;
import static io.middleware.chaos.matrix.Fault.Setting.THIRD_CRITICAL;
import static io.middleware.chaos.matrix.Fault.Setting.USUAL;
import static io.middleware.chaos.matrix.FaultScripts.allServers;
import static io.middleware.chaos.matrix.FaultScripts.database;
import static io.middleware.chaos.matrix.FaultScripts.fault;
import static io.middleware.chaos.matrix.FaultScripts.first;
import static io.middleware.chaos.matrix.FaultScripts.gateway;
import static io.middleware.chaos.matrix.FaultScripts.primaries;
import static io.middleware.chaos.matrix.FaultScripts.reloads;
import static io.middleware.chaos.matrix.FaultScripts.restartOfConsul;
import static io.middleware.chaos.matrix.FaultScripts.roll;

import io.middleware.chaos.matrix.Fault.Goal;
import java.time.Duration;
import java.util.List;

/** All rows of the matrix. {@link #NONE}, the run without a fault, is what the others are compared with. */
final class Faults {

    private static final Duration SECOND = Duration.ofSeconds(1);

    static final Fault NONE = new Fault("0", "no fault", Goal.nothingLost(), USUAL, injector -> {});

    static final List<Fault> ALL = List.of(
            new Fault("1", "one primary killed", Goal.slowest(10), USUAL, first("kill", "start")),
            new Fault("2", "one primary stopped: leaves, drains", Goal.slowest(5), USUAL, first("stop", "start")),
            new Fault("3", "one primary frozen", Goal.slowest(40), USUAL, first("pause", "resume")),
            new Fault("4", "one answers UNAVAILABLE to all", Goal.slowest(10), USUAL, fault("unavailable")),
            new Fault("5", "one becomes 2 s slow", Goal.slowest(40), USUAL, fault("slow=2s")),
            new Fault("6", "one accepts and never answers", Goal.slowest(40), USUAL, fault("hang")),
            new Fault("7", "packets to one vanish", Goal.slowest(40), USUAL, first("cut", "mend")),
            new Fault("8", "two of three primaries killed", Goal.slowest(20), USUAL, primaries(2)),
            new Fault(
                    "9",
                    "all primaries killed",
                    Goal.slowest(50).servedBySecondary(),
                    USUAL,
                    primaries(Integer.MAX_VALUE)),
            new Fault("10", "all servers restarted, one after another", Goal.p999(50), USUAL, roll()),
            new Fault(
                    "11a",
                    "Consul killed",
                    Goal.slowest(10),
                    USUAL,
                    injector -> injector.breakPart("consul", "kill", "start")),
            new Fault("11b", "Consul killed, then a primary", Goal.slowest(10), USUAL, injector -> {
                injector.breakPart("consul", "kill", "start");
                injector.sleep(SECOND.multipliedBy(3));
                first("kill", "start").play(injector);
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
                    restartOfConsul(List.of())),
            new Fault(
                    "12c",
                    "Consul restarted empty, after 9 s",
                    Goal.slowest(5),
                    USUAL,
                    restartOfConsul(List.of("wipe", "consul"))),
            new Fault("13a", "one gateway killed", Goal.slowest(100), OWN_CLIENT, gateway("kill", "start")),
            new Fault("13b", "one gateway stopped: drains", Goal.slowest(100), OWN_CLIENT, gateway("stop", "start")),
            new Fault("13c", "one gateway frozen", Goal.slowest(5_500), OWN_CLIENT, gateway("pause", "resume")),
            new Fault(
                    "13d",
                    "one gateway killed, calls of 3 s",
                    Goal.nothingLost(),
                    LONG_CALLS,
                    gateway("kill", "start")),
            new Fault("14", "Nginx reloaded every second", Goal.slowest(100), USUAL, reloads()),
            // capacity: 3 primaries x 4 calls at a time / 110 ms = 109 calls a second; they get 330
            new Fault(
                    "15",
                    "three times the load that the servers can serve",
                    Goal.served(0.9 * 109),
                    USUAL,
                    allServers("busy=4x110ms")),
            new Fault(
                    "15b",
                    "the same, a third of the calls critical",
                    Goal.served(0.9 * 109).critical(0.99),
                    THIRD_CRITICAL,
                    allServers("busy=4x110ms")),
            new Fault(
                    "16", "10 % of all attempts answer UNAVAILABLE", Goal.attempts(1.2), USUAL, allServers("flaky=10")),
            new Fault("17", "one answers INTERNAL to all", Goal.failing(0.02), USUAL, fault("internal")),
            new Fault("18", "the database killed", Goal.slowest(10), USUAL, database("kill", "start")),
            new Fault(
                    "1w", "one primary killed, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, first("kill", "start")),
            new Fault(
                    "2w", "one primary stopped, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, first("stop", "start")),
            new Fault(
                    "8w", "two of three primaries killed, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, primaries(2)),
            new Fault("10w", "all servers restarted, calls of 50 ms", Goal.nothingLost(), IN_FLIGHT, roll()));

    private Faults() {}
}
