package io.middleware.chaos.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.measure.FakeLoad;
import io.middleware.chaos.measure.Loads;
import io.middleware.chaos.measure.RecoveryTimes;
import io.middleware.chaos.stack.FakeClock;
import io.middleware.chaos.stack.FakeStack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoTest {

    private final FakeClock clock = new FakeClock();
    private final FakeStack stack = new FakeStack(clock);
    private final StringWriter printed = new StringWriter();
    private final List<FakeLoad> started = new ArrayList<>();
    private @Nullable Loads without;
    private final Loads loads = new Loads(
            callers -> {
                started.add(new FakeLoad(clock));
                return started.getLast();
            },
            clock,
            Duration.ZERO);

    @Test
    void actAfterAPauseThatOutlastedTheLoad_hasCalls() throws InterruptedException {
        loads.ready(Loads.Callers.HEDGING);

        List<Verdict> verdicts = play(() -> started.getLast().lasts = false, "kill", "freeze");

        assertThat(verdicts).allSatisfy(verdict -> assertThat(verdict.calls()).isPositive());
        assertThat(started).hasSize(3);
        assertThat(printed.toString()).contains("Act 2 of 2: a server is frozen");
    }

    @Test
    void everyAct_mendsWhatItBreaks() throws InterruptedException {
        play(() -> {}, "primaries");

        assertThat(stack.commands)
                .containsExactly(
                        "kill hello-service-1",
                        "kill hello-service-2",
                        "kill hello-service-3",
                        "start hello-service-1",
                        "start hello-service-2",
                        "start hello-service-3");
    }

    @Test
    void roll_restartsServersAndGateways_andIsNothingToBeNoticed() throws InterruptedException {
        Verdict verdict = play(() -> {}, "roll").getFirst();

        assertThat(stack.commands)
                .containsExactly(
                        "restart hello-service-1",
                        "restart hello-service-2",
                        "restart hello-service-3",
                        "restart hello-secondary-1",
                        "restart gateway-1",
                        "restart gateway-2");
        assertThat(verdict.noticed()).isEmpty();
        assertThat(verdict.back()).isEmpty();
    }

    @Test
    void callersWithoutTheMiddleware_meetTheSameFault_andAreReportedBesideTheOthers() throws InterruptedException {
        FakeLoad naive = new FakeLoad(clock);
        naive.failsWhile = () ->
                stack.commands.contains("kill hello-service-1") && !stack.commands.contains("start hello-service-1");
        without = new Loads(callers -> naive, clock, Duration.ZERO);

        List<Verdict> verdicts = play(() -> {}, "kill");

        Verdict with = verdicts.getFirst();
        assertThat(with.lost()).isZero();
        assertThat(with.without().orElseThrow().lost()).isPositive();
        assertThat(with.without().orElseThrow().recording().faults())
                .isEqualTo(with.recording().faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.part() + " " + fault.how()).isEqualTo("hello-service-1 kill"))
                .satisfies(fault -> assertThat(fault.toMicros()).isBetween(fault.fromMicros() + 1, clock.micros()));
        assertThat(printed.toString()).containsPattern("Without the middleware: [0-9]+ calls, [1-9][0-9]* lost");
        String table = new VerdictTable(new Texts("pt")).of(verdicts);
        assertThat(table.lines().findFirst()).get().asString().contains("sem: perdidas");
        String page = new DemoReport(new Texts("pt"), FakeStack.parts()).of(verdicts);
        assertThat(page)
                .contains("<html lang=\"pt\">", "Sem o middleware: ", "hello-secondary-1", "class=\"fault\"", ">kill<")
                .contains("UNAVAILABLE: on purpose");
    }

    private List<Verdict> play(Demo.Curtain curtain, String... acts) throws InterruptedException {
        RecoveryTimes recoveryTimes =
                new RecoveryTimes(FakeStack.parts(), (instance, since) -> OptionalLong.empty(), clock);
        Demo demo = new Demo(
                stack,
                loads,
                recoveryTimes,
                new Texts("en"),
                new PrintWriter(printed, true),
                new Demo.Options(0, curtain, without));
        return demo.play(Acts.ALL.stream()
                .filter(act -> List.of(acts).contains(act.name()))
                .toList());
    }
}
