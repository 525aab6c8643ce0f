package io.middleware.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTest {

    private static final long COMMAND = 300_000;
    private static final long UNTIL_THE_DEED = 200_000;

    private final FakeClock clock = new FakeClock();
    private final FakeStack stack = new FakeStack(clock);
    private final Stage stage = new Stage(stack, clock, FakeStack.parts());

    @Test
    void whatWasBroken_isMendedInThatOrder() {
        stage.breaks("consul", "kill", "start");
        stage.faults("hello-service-1", "hang");
        stage.mends();

        assertThat(stack.commands)
                .containsExactly(
                        "kill consul", "fault hello-service-1 hang", "start consul", "fault hello-service-1 none");
    }

    @Test
    void eachPart_hasTimesOfItsOwn_whichAreThoseOfTheDeed() {
        long begin = clock.micros();
        stage.breaks("hello-service-1", "kill", "start");
        stage.breaks("hello-service-2", "kill", "start");
        long mending = clock.micros();
        stage.mends();

        assertThat(stage.brokenAt())
                .isEqualTo(Map.of(
                        "hello-service-1",
                        begin + UNTIL_THE_DEED,
                        "hello-service-2",
                        begin + COMMAND + UNTIL_THE_DEED));
        assertThat(stage.mendedAt())
                .isEqualTo(Map.of(
                        "hello-service-1",
                        mending + UNTIL_THE_DEED,
                        "hello-service-2",
                        mending + COMMAND + UNTIL_THE_DEED));
    }

    @Test
    void commandThatFoundNothingToDo_countsFromItsBegin() {
        long begin = clock.micros();
        Stage idle = new Stage(words -> new Stack.Done("", begin - 1), clock, FakeStack.parts());
        idle.breaks("hello-service-1", "kill", "start");

        assertThat(idle.brokenAt()).containsEntry("hello-service-1", begin);
    }

    @Test
    void restartedPart_wasNeverBroken() {
        stage.restarts("hello-service-1");
        stage.mends();

        assertThat(stack.commands).containsExactly("restart hello-service-1");
        assertThat(stage.brokenAt()).isEmpty();
        assertThat(stage.mendedAt()).isEmpty();
    }

    @Test
    void partWhoseRestartFailed_isStarted() {
        stack.refuses = "restart";
        assertThatThrownBy(() -> stage.restarts("hello-service-1")).isInstanceOf(Stack.StackException.class);
        stage.close();

        assertThat(stack.commands).containsExactly("restart hello-service-1", "start hello-service-1");
    }

    @Test
    void end_mendsOnceOnly() {
        stage.breaks("nginx", "pause", "resume");
        stage.mends();
        stage.close();

        assertThat(stack.commands).containsExactly("pause nginx", "resume nginx");
    }

    @Test
    void whatFailedToBreak_isMendedToo() {
        stack.refuses = "kill";
        assertThatThrownBy(() -> stage.breaks("consul", "kill", "start")).isInstanceOf(Stack.StackException.class);
        stage.close();

        assertThat(stack.commands).containsExactly("kill consul", "start consul");
    }

    @Test
    void whatCannotBeMended_doesNotKeepTheOthersBroken() {
        stage.breaks("hello-service-1", "kill", "start");
        stage.breaks("hello-service-2", "pause", "resume");
        stack.refuses = "start";

        assertThatThrownBy(stage::mends).hasMessageContaining("start hello-service-1 was refused");
        assertThat(stack.commands).endsWith("start hello-service-1", "resume hello-service-2");
    }
}
