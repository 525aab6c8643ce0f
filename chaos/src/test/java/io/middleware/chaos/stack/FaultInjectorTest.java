package io.middleware.chaos.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultInjectorTest {

    private static final long COMMAND = 300_000;
    private static final long UNTIL_THE_DEED = 200_000;

    private final FakeClock clock = new FakeClock();
    private final FakeStack stack = new FakeStack(clock);
    private final FaultInjector injector = new FaultInjector(stack, clock, FakeStack.parts());

    @Test
    void whatWasBroken_isMendedInThatOrder() {
        injector.breakPart("consul", "kill", "start");
        injector.inject("hello-service-1", "hang");
        injector.mend();

        assertThat(stack.commands)
                .containsExactly(
                        "kill consul", "fault hello-service-1 hang", "start consul", "fault hello-service-1 none");
    }

    @Test
    void eachPart_hasTimesOfItsOwn_whichAreThoseOfTheDeed() {
        long begin = clock.micros();
        injector.breakPart("hello-service-1", "kill", "start");
        injector.breakPart("hello-service-2", "kill", "start");
        long mending = clock.micros();
        injector.mend();

        assertThat(injector.brokenAt())
                .isEqualTo(Map.of(
                        "hello-service-1",
                        begin + UNTIL_THE_DEED,
                        "hello-service-2",
                        begin + COMMAND + UNTIL_THE_DEED));
        assertThat(injector.mendedAt())
                .isEqualTo(Map.of(
                        "hello-service-1",
                        mending + UNTIL_THE_DEED,
                        "hello-service-2",
                        mending + COMMAND + UNTIL_THE_DEED));
    }

    @Test
    void commandThatFoundNothingToDo_countsFromItsBegin() {
        long begin = clock.micros();
        FaultInjector idle = new FaultInjector(words -> new Stack.Done("", begin - 1), clock, FakeStack.parts());
        idle.breakPart("hello-service-1", "kill", "start");

        assertThat(idle.brokenAt()).containsEntry("hello-service-1", begin);
    }

    @Test
    void restartedPart_wasNeverBroken() {
        injector.restart("hello-service-1");
        injector.mend();

        assertThat(stack.commands).containsExactly("restart hello-service-1");
        assertThat(injector.brokenAt()).isEmpty();
        assertThat(injector.mendedAt()).isEmpty();
    }

    @Test
    void partWhoseRestartFailed_isStarted() {
        stack.refuses = "restart";
        assertThatThrownBy(() -> injector.restart("hello-service-1")).isInstanceOf(Stack.StackException.class);
        injector.close();

        assertThat(stack.commands).containsExactly("restart hello-service-1", "start hello-service-1");
    }

    @Test
    void end_mendsOnceOnly() {
        injector.breakPart("nginx", "pause", "resume");
        injector.mend();
        injector.close();

        assertThat(stack.commands).containsExactly("pause nginx", "resume nginx");
    }

    @Test
    void whatFailedToBreak_isMendedToo() {
        stack.refuses = "kill";
        assertThatThrownBy(() -> injector.breakPart("consul", "kill", "start"))
                .isInstanceOf(Stack.StackException.class);
        injector.close();

        assertThat(stack.commands).containsExactly("kill consul", "start consul");
    }

    @Test
    void whatCannotBeMended_doesNotKeepTheOthersBroken() {
        injector.breakPart("hello-service-1", "kill", "start");
        injector.breakPart("hello-service-2", "pause", "resume");
        stack.refuses = "start";

        assertThatThrownBy(injector::mend).hasMessageContaining("start hello-service-1 was refused");
        assertThat(stack.commands).endsWith("start hello-service-1", "resume hello-service-2");
    }
}
