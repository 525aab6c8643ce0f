package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./stack chaos} tells, and that it would tell if failover did not work. */
@ExtendWith(RunningStack.class)
class ChaosIT {

    private static final int INTERRUPTED = 130;
    private static final int KILLED = 137;
    /** Less than the minute that ./stack stop gives a part. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Stack stack;

    ChaosIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
    }

    @Test
    void actIsPlayed_andNothingIsLost() {
        Shell.Result result = stack.run("chaos", "--act", "kill");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err())
                .contains("a server is killed", "Failover:")
                .containsPattern("[0-9,]+ calls, 0 lost, slowest .*, noticed after .*, back after ")
                .contains("No call was lost, out of ");
        assertThat(stack.run("status").exit()).as("all run again").isZero();
    }

    @Test
    void actWithoutTheMiddleware_losesCallsBesideIt_andBothAreInTheReport() throws IOException {
        Shell.Result result = stack.run("chaos", "--act", "unavailable", "--without", "--lang", "pt");

        assertThat(result.exit()).as(result.err()).isZero();
        Path report = stack.home().resolve("chaos/report.html");
        assertThat(result.err())
                .contains("Nenhuma chamada se perdeu", "sem: perdidas", "Gravado: " + report)
                .containsPattern("Sem o middleware: [0-9.]+ de [0-9.]+ chamadas se perderam");
        assertThat(Files.readString(report))
                .startsWith("<!doctype html>")
                .contains(
                        "<html lang=\"pt\">", ">hello-service-1<", "class=\"fault\"", ">unavailable<", "class=\"lost\"")
                .doesNotContain("<script", "https://")
                .endsWith("</html>\n");
        assertThat(Files.size(report)).isLessThan(3_000_000);
    }

    @Test
    void load_showsHowItGoes_andDrawsTheCalls(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("load.html");
        Shell.Result result =
                stack.run("load", "--grpc", "20", "--http", "20", "--for", "6s", "--report", report.toString());

        assertThat(result.err()).containsPattern("\\[#+-+] +5 s of 6 s +[0-9]+/s +0 lost +p50 ");
        assertThat(result.out() + result.err()).containsPattern("<= +[0-9]+ m?s +#+ +[0-9]+");
        assertThat(Files.readString(report)).contains("./stack load --grpc 20 --http 20 --for 6s", ">hello-service-1<");
    }

    @Test
    void interruptedAct_isPutBackAtOnce(@TempDir Path folder) throws Exception {
        try (Terminal terminal = Terminal.start(folder, stack.environment(), stack.command("chaos", "--act", "kill"))) {
            awaitKilled();
            terminal.types(Terminal.CTRL_C);
            assertThat(terminal.awaitEnd(SOON)).isEqualTo(INTERRUPTED);
            assertThat(terminal.said()).contains("Interrupted: putting everything back.");
        }
        assertThatAllRunsAndNothingElse();
        assertThat(stack.runs("stop", "hello-service-1").took())
                .as("what was put back heeds SIGTERM")
                .isLessThan(SOON);
    }

    @Test
    void interruptedPause_endsWithoutEnter(@TempDir Path folder) throws Exception {
        List<String> command = stack.command("chaos", "--act", "kill", "--pause", "--lang", "pt");
        try (Terminal terminal = Terminal.start(folder, stack.environment(), command)) {
            terminal.awaitText("[pressione Enter]");
            terminal.types(Terminal.CTRL_C);
            assertThat(terminal.awaitEnd(SOON)).isEqualTo(INTERRUPTED);
            assertThat(terminal.said())
                    .contains("Interrompido: colocando tudo de volta.")
                    .doesNotContain("Interrupted");
        }
        assertThatAllRunsAndNothingElse();
    }

    @Test
    void programThatIsKilled_leavesNothingBroken(@TempDir Path folder) throws Exception {
        Path said = folder.resolve("said");
        Process chaos =
                Shell.start(folder.resolve("out"), said, stack.environment(), stack.command("chaos", "--act", "kill"));
        awaitKilled();
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(program() + " demo"))
                .forEach(ProcessHandle::destroyForcibly);
        assertThat(chaos.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(chaos.exitValue()).isEqualTo(KILLED);
        assertThat(said)
                .content()
                .contains("The program ended by itself, with exit status 137: putting everything back.");
        assertThatAllRunsAndNothingElse();
    }

    private void awaitKilled() {
        Awaitility.await("a server is killed")
                .atMost(Duration.ofMinutes(2))
                .until(() -> stack.state("hello-service-1").equals("dead"));
    }

    private void assertThatAllRunsAndNothingElse() {
        assertThat(stack.run("status").exit()).as("all run again").isZero();
        Awaitility.await("neither the program nor its load")
                .atMost(SOON)
                .until(() -> stack.remains().stream().noneMatch(line -> line.contains(program())));
    }

    private String program() {
        return stack.home().resolve("apps/chaos/chaos.jar").toString();
    }

    @Test
    void wrongUse_saysWhatIsExpected() {
        assertThat(stack.run("chaos", "--act", "earthquake").err())
                .contains("--act: expected one of stop, kill, freeze");
        assertThat(stack.run("chaos", "--act", "earthquake").exit()).isEqualTo(2);
        assertThat(stack.run("chaos", "--matrix", "--faults", "99").err()).contains("--faults: expected some of 1,2,3");
        assertThat(stack.run("chaos", "--list").out()).contains("freeze", "a server is frozen", "primaries", "roll");
        assertThat(stack.run("chaos", "--list", "--lang", "pt").out()).contains("freeze", "um servidor é congelado");
    }

    @Test
    void withoutFailover_theMatrixIsRed() {
        List<String> gateways = List.of("gateway-1", "gateway-2");
        stack.runs("down");
        stack.runs(
                Map.of("MIDDLEWARE_GATEWAY_CALLS_ATTEMPTS", "1"),
                "up",
                Stack.MODE.flag(),
                "--port-offset",
                Integer.toString(Stack.OFFSET));
        try {
            Shell.Result result = stack.run("chaos", "--matrix", "--short", "--faults", "4");

            assertThat(result.exit()).as(result.err()).isEqualTo(1);
            assertThat(result.err())
                    .containsPattern("4, one answers UNAVAILABLE to all: [0-9]+ lost")
                    .contains("A call was lost or ran twice.");
            assertThat(stack.home().resolve("chaos/report.html"))
                    .content()
                    .contains("4, one answers UNAVAILABLE to all", "class=\"lost\"", "A call was lost or ran twice.");
            assertThat(gateways)
                    .allSatisfy(name -> assertThat(stack.state(name)).isEqualTo("running"));
        } finally {
            stack.runs("down");
        }
    }
}
