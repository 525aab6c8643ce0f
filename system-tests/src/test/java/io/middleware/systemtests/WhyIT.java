package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code ./stack why} of real calls: each question is asked as a person would, after something was broken. */
@ExtendWith(RunningStack.class)
class WhyIT {
    private static final List<String> PRIMARIES = List.of("hello-service-1", "hello-service-2", "hello-service-3");
    private static final int MOST_CALLS = 60;

    private final Stack stack;
    private int calls;

    WhyIT(Stack stack) {
        this.stack = stack;
    }

    @AfterEach
    void everythingRunsAgain() {
        stack.up();
        PRIMARIES.forEach(name -> stack.runs("fault", name, "none"));
    }

    @Test
    void ordinaryCall_isToldFromNginxToWorld_inBothLanguages() {
        String id = hello();
        String english = why(id, "--lang", "en");
        assertThat(english)
                .contains("SayHello came in at gateway-")
                .contains("Look-up in the directory: 4 instances are known.")
                .contains("hello-secondary-1 (secondary: only if no primary can respond)")
                .contains("Attempt 1 went to hello-service-")
                .contains("the caller got OK from hello-service-");
        assertThat(why(id, "--lang", "pt")).contains("Consulta ao diretório").contains("o cliente recebeu OK");
        assertThat(why(id, "--json")).contains("\"leftOut\"").contains("\"sentences\"");
    }

    @Test
    void serverThatRefuses_isToldWithTheRetry_andWhatWouldBeWithoutIt() {
        stack.runs("fault", "hello-service-1", "unavailable");
        String id = helloThatIsTold("paid from the retry budget");
        assertThat(why(id, "--lang", "en", "--what-if", "calls.attempts=1"))
                .contains("the limit of attempts is reached");
        assertThat(why(id, "--lang", "en", "--what-if", "calls.attempts=10"))
                .contains("Nothing would have been different");
        assertThat(stack.runs("why", "--lang", "en").out()).contains("retried");
    }

    @Test
    void serverThatIsFrozen_isToldWithTheHedge() {
        stack.runs("pause", "hello-service-1");
        String id = helloThatIsTold("a hedge, went to");
        assertThat(why(id, "--lang", "en")).contains("hello-service-1 had not answered the ping by then.");
        stack.runs("resume", "hello-service-1");
    }

    @Test
    void serverThatIsKilled_isLeftOutWithTheReason() {
        stack.runs("kill", "hello-service-1");
        helloThatIsTold("hello-service-1 (ejected: ");
    }

    @Test
    void noPrimary_isToldWithTheSecondary() {
        PRIMARIES.forEach(name -> stack.runs("kill", name));
        String told = why(helloThatIsTold("OK from hello-secondary-1"), "--lang", "en");
        assertThat(told).contains("hello-service-1").contains("hello-service-2").contains("hello-service-3");
    }

    @Test
    void callThatMayNotRunTwice_isToldWithTheReason() {
        PRIMARIES.forEach(name -> stack.runs("fault", name, "unavailable"));
        HttpResponse<String> signed = stack.post("/guestbook", "{\"name\":\"Ada\"}");
        assertThat(signed.statusCode()).isEqualTo(503);
        String id = signed.headers().firstValue("x-call-id").orElseThrow();
        assertThat(why(id, "--lang", "en"))
                .contains("1 attempt,")
                .contains("No other attempt: it may already have run and is not idempotent.");
    }

    @Test
    void callsUnderFaults_areDecidedTheSameWhenPlayedAgain() {
        stack.runs("fault", "hello-service-1", "unavailable");
        stack.runs("kill", "hello-service-2");
        for (int i = 0; i < 300; i++) {
            stack.get("/hello");
        }
        assertThat(stack.runs("why", "--replay", "--lang", "en").out())
                .matches("(?s)Played again: [1-9][0-9,]* decisions of .* Each came out the same\\.\\s*");
    }

    @Test
    void questionThatHasNoAnswer_saysWhatWasExpected() {
        assertThat(stack.run("why", "no-such-call").exit()).isEqualTo(1);
        assertThat(stack.run("why", "no-such-call").err()).contains("no gateway keeps a call with this x-call-id");
        String id = hello();
        Shell.Result wrong = stack.run("why", id, "--what-if", "calls.colour=red");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("expected: one of calls.attempts");
        assertThat(stack.run("why", "--what-if", "calls.attempts=1").exit()).isEqualTo(2);
        assertThat(stack.run("why", "a", "b").err()).contains("expected one call id");
    }

    /** Calls until what is told of a call contains this; returns its id. */
    private String helloThatIsTold(String expected) {
        for (int i = 0; i < MOST_CALLS; i++) {
            String id = hello();
            if (why(id, "--lang", "en").contains(expected)) {
                return id;
            }
        }
        throw new AssertionError("none of " + MOST_CALLS + " calls is told with: " + expected);
    }

    private String hello() {
        calls++;
        String id = "why-" + System.nanoTime() + "-" + calls;
        assertThat(stack.get("/hello", "x-call-id", id).statusCode()).isEqualTo(200);
        return id;
    }

    private String why(String id, String... flags) {
        String[] arguments = new String[flags.length + 2];
        arguments[0] = "why";
        arguments[1] = id;
        System.arraycopy(flags, 0, arguments, 2, flags.length);
        return stack.runs(arguments).out();
    }
}
