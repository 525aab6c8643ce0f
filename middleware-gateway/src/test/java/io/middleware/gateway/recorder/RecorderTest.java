package io.middleware.gateway.recorder;

import static io.middleware.gateway.GatewayHarness.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.middleware.core.MethodTraits;
import io.middleware.core.MethodTraits.Idempotency;
import io.middleware.core.Settings;
import io.middleware.core.StickyRules;
import io.middleware.core.StickySettings;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.hello.v1.HelloReply;
import io.middleware.hello.v1.HelloRequest;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.middleware.testsupport.FreePorts;
import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of calls through a gateway on real sockets, and what is told of it. */
class RecorderTest {
    private static final String SAY_HELLO = "/" + SERVICE + "/SayHello";
    private static final Metadata.Key<String> CALL_ID = Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> RESENT =
            Metadata.Key.of("middleware-resent", Metadata.ASCII_STRING_MARSHALLER);

    private Duration registryAge = Duration.ZERO;
    private final Settings settings = Settings.defaults();
    private final Recorder recorder = new Recorder(1_000, 10, 1, InstantSource.system(), () -> registryAge);
    private final Storyteller stories = new Storyteller(recorder, "gateway-1", settings, Ticker.system());
    private final List<Server> servers = new ArrayList<>();
    private GatewayHarness gateway;

    @BeforeEach
    void start() {
        gateway = new GatewayHarness(settings);
        gateway.listen(recorder);
    }

    @AfterEach
    void stop() {
        gateway.close();
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void ordinaryCall_isToldFromDirectoryToAnswer() throws IOException {
        serve("p1", Pool.PRIMARY, Status.OK);
        serve("p2", Pool.PRIMARY, Status.OK);
        serve("s1", Pool.SECONDARY, Status.OK);
        idempotent();
        call("one");

        CallStory story = story("one");
        assertThat(story.traits()).isEmpty();
        assertThat(story.code()).isEqualTo("OK");
        assertThat(story.answeredBy()).isIn("p1", "p2");
        assertThat(story.steps())
                .extracting(CallStory.Entry::kind)
                .containsExactly("chosen", "started", "responded", "ended", "concluded");
        CallStory.Entry choice = story.steps().getFirst();
        assertThat(choice.candidates()).extracting(CallStory.Load::instance).containsExactlyInAnyOrder("p1", "p2");
        assertThat(choice.leftOut()).containsExactly(new CallStory.Absent("s1", LeftOut.Why.SECONDARY, ""));
        assertThat(choice.compared()).hasSize(2);
        assertThat(choice.instance()).isEqualTo(story.answeredBy());
        assertThat(story.steps()).extracting(CallStory.Entry::atUs).isSorted();
        assertThat(text("one", "en"))
                .contains("Look-up in the directory: 3 instances are known")
                .contains("s1 (secondary: only if no primary can respond)")
                .contains("Attempt 1 went to " + story.answeredBy())
                .contains("the caller got OK from " + story.answeredBy());
    }

    @Test
    void callThatMeetsADeadServer_isToldWithBothAttempts() throws IOException {
        gateway.register("dead", FreePorts.next(), Pool.PRIMARY, SERVICE);
        call("two"); // fails: there is no other
        serve("alive", Pool.SECONDARY, Status.OK);
        call("three");

        CallStory failed = story("two");
        assertThat(failed.traits()).contains(Trait.FAILED);
        assertThat(text("two", "en"))
                .contains("provably not executed")
                .contains("It cannot be reached, so it is ejected.")
                .contains("UNAVAILABLE from the middleware");
        CallStory saved = story("three");
        assertThat(saved.answeredBy()).isEqualTo("alive");
        assertThat(saved.traits()).contains(Trait.SECONDARY);
        assertThat(text("three", "pt")).contains("Consulta ao diretório").contains("dead (ejetada: ");
    }

    @Test
    void whereTheTimeWent_isSaidFirst() throws IOException {
        serve("slow", Pool.PRIMARY, Status.OK, Duration.ofMillis(80));
        call("why-so-long");

        assertThat(text("why-so-long", "en").lines().skip(1).findFirst())
                .hasValueSatisfying(second -> assertThat(second)
                        .matches("Where the time went: (.*; )?\\d+ ms at slow \\(attempt 1\\)(;.*)?\\."));
        assertThat(text("why-so-long", "pt"))
                .contains("Para onde foi o tempo: ")
                .contains(" ms em slow (tentativa 1)");
        assertThat(stories.list(1).getFirst().spent()).as("in a list of calls").isNull();
    }

    @Test
    void registryThatWasAway_isSaid() throws IOException {
        serve("p1", Pool.PRIMARY, Status.OK);
        call("before");
        registryAge = Duration.ofSeconds(34);
        call("meanwhile");

        assertThat(text("before", "en")).doesNotContain("Consul");
        assertThat(text("meanwhile", "en")).contains("Consul had given no usable response for 34 s");
        assertThat(text("meanwhile", "pt")).contains("O Consul não dava resposta útil havia 34 s");
    }

    @Test
    void roundsFromWhichNothingFollows_areToldOnce_andNoInstanceIsMadeUp() throws IOException {
        serve("only", Pool.PRIMARY, Status.OK, Duration.ofMillis(700));
        idempotent();
        call("rounds");

        String told = text("rounds", "en");
        assertThat(told.split("Time for a hedge", -1)).as(told).hasSize(2);
        assertThat(told.split("and so on\\.", -1)).as(told).hasSize(2);
        assertThat(told).contains("none is a candidate").doesNotContain("a hedge, went to");
    }

    @Test
    void attemptThatWasSecond_isToldAsGivenUp() throws IOException {
        serve("slow", Pool.PRIMARY, Status.OK, Duration.ofSeconds(2));
        idempotent();
        Thread.ofVirtual().start(() -> call("hedged"));
        await().until(() -> gateway.instance("slow").inFlight() == 1);
        serve("fast", Pool.PRIMARY, Status.OK);
        await().until(() -> !recorder.find("hedged").isEmpty());

        assertThat(text("hedged", "en"))
                .contains("slow had answered the ping: it is alive")
                .contains("Attempt 1 on slow was given up after ")
                .contains("as another attempt was first. It may have been executed.")
                .contains(" ms at slow (attempt 1); ");
    }

    @Test
    void callWithoutAnAttempt_saysNothingOfItsTime() {
        call("nobody");
        assertThat(story("nobody").spent()).isNull();
    }

    @Test
    void callThatMayNotRunTwice_saysWhyItWasNotRetried() throws IOException {
        serve("p1", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        serve("p2", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        call("four");

        assertThat(text("four", "en")).contains("No other attempt: it may already have run and is not idempotent.");
        assertThat(text("four", "pt"))
                .contains("Nenhuma outra tentativa: ela já pode ter sido executada e não é idempotente.");
    }

    @Test
    void callThatMayHaveMetAnotherVersion_saysWhyItWasNotRetried() throws IOException {
        serve("replaced", Pool.PRIMARY, Status.UNAVAILABLE);
        serve("other", Pool.SECONDARY, Status.OK);
        idempotent();
        gateway.instance("replaced").version().renewed();
        call("in-doubt");
        assertThat(text("in-doubt", "en"))
                .contains("Its method may run more than once, but a server that has the call may be of another version")
                .contains("No other attempt");
        gateway.instance("replaced")
                .version()
                .described(gateway.instance("replaced").version().renewals());
        call("described");
        assertThat(text("described", "en"))
                .contains("paid from the retry budget")
                .doesNotContain("another version");
    }

    @Test
    void retry_isToldWithTheBudget_andWhatWouldBeWithoutOne() throws IOException {
        serve("p1", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        serve("p2", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        idempotent();
        call("five");

        assertThat(story("five").traits()).contains(Trait.RETRIED, Trait.FAILED);
        assertThat(text("five", "en")).contains("paid from the retry budget").contains("retries left; one is taken.");
        assertThat(whatIf("five", "calls.attempts=6"))
                .isEqualTo("Nothing would have been different: each decision is the same.");
        assertThat(whatIf("five", "calls.attempts=1"))
                .contains("it was: The call may run more than once")
                .contains("It would have been: No other attempt: the limit of attempts is reached.");
        // without a ratio and a floor the budget begins empty, and nothing pays in
        assertThat(whatIf("five", "calls.budget.floor=0")).contains("the retry budget is used up");
        assertThatThrownBy(() -> whatIf("five", "calls.budget.ratio=lots"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("calls.budget.ratio: lots (expected: a number)");
        assertThatThrownBy(() -> whatIf("five", "calls.budget.ratio=2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> whatIf("five", "calls.rate=2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: one of calls.attempts,");
    }

    @Test
    void callWithoutAKey_toAStickyService_saysSo() throws IOException {
        gateway.close();
        gateway = new GatewayHarness(sticky(SERVICE + "=header:x-tenant"));
        gateway.listen(recorder);
        serve("p1", Pool.PRIMARY, Status.OK);
        serve("p2", Pool.PRIMARY, Status.OK);
        call("keyless");

        assertThat(text("keyless", "en"))
                .contains("Calls of this service go by a key (header x-tenant). "
                        + "This one has none, so the balancer chooses.");
        assertThat(text("keyless", "pt")).contains("uma chave (cabeçalho x-tenant). Esta não tem nenhuma");
    }

    private static Settings sticky(String rules) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.unaryDeadline(),
                defaults.attempts(),
                defaults.firstBackOff(),
                defaults.budget(),
                defaults.replay(),
                defaults.ejection(),
                defaults.hedge(),
                defaults.silence(),
                defaults.limit(),
                new StickySettings(StickyRules.parse(rules), 1.25, 10),
                defaults.slowStart());
    }

    @Test
    void everyDecision_comesOutTheSameWhenPlayedAgain() throws IOException {
        serve("p1", Pool.PRIMARY, Status.OK);
        serve("p2", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        gateway.register("dead", FreePorts.next(), Pool.PRIMARY, SERVICE);
        idempotent();
        for (int i = 0; i < 300; i++) {
            call("call-" + i);
        }

        Rehearsal again = stories.rehearse();
        assertThat(again.calls()).isGreaterThan(10);
        assertThat(again.decisions()).isGreaterThan(again.calls());
        assertThat(again.differences()).isEmpty();
        assertThat(again.inWords("en")).contains("Each came out the same.");
    }

    @Test
    void onlyUnusualCallsAreKept_andThoseThatAreWanted() throws IOException {
        Recorder few = new Recorder(5, 3, 1_000_000, InstantSource.system(), () -> registryAge);
        gateway.listen(few);
        serve("p1", Pool.PRIMARY, Status.OK);
        for (int i = 0; i < 200; i++) {
            call("usual-" + i);
        }
        call("why-this");
        assertThat(few.find("why-this")).hasSize(1);
        // the first, which is one in so many, and the slowest of one minute, or of two
        assertThat(few.all().filter(call -> call.traits().isEmpty()).map(KeptCall::id))
                .hasSizeLessThanOrEqualTo(2 + 2 * Slowest.OF_A_MINUTE)
                .contains("why-this");
        servers.removeFirst().shutdownNow();
        for (int i = 0; i < 20; i++) {
            call("failed-" + i);
        }
        assertThat(few.all()
                        .filter(call -> call.traits().contains(Trait.FAILED))
                        .map(KeptCall::id))
                .containsExactly("failed-19", "failed-18", "failed-17", "failed-16", "failed-15");
    }

    @Test
    void whereAllCallsAreSlow_theSlowestAreKept() throws IOException {
        Recorder noSample = new Recorder(100, 0, 1_000, InstantSource.system(), () -> registryAge);
        gateway.listen(noSample);
        serve("slow", Pool.PRIMARY, Status.OK, Duration.ofMillis(20));
        idempotent();
        for (int i = 0; i < 10; i++) {
            call("slow-" + i);
        }
        // but for the first, which belongs to the sample, for which there is no room
        for (int i = 1; i < 10; i++) {
            assertThat(noSample.find("slow-" + i)).hasSize(1);
        }
    }

    @Test
    void callThatWasSentBefore_saysSo_andHowLongAgo() throws IOException {
        serve("p1", Pool.PRIMARY, Status.OK);
        idempotent();
        call("again", "5.004");

        assertThat(story("again").traits()).containsExactly(Trait.RESENT);
        assertThat(story("again").spent()).startsWith("Where the time went: 5 s before it came in here");
        assertThat(text("again", "en")).contains("It had been sent 5 s before, and no response had come");
        assertThat(text("again", "pt")).contains("5 s antes de chegar aqui");

        call("any-time", "yes");
        assertThat(story("any-time").spent()).doesNotContain("before it came in here");
        assertThat(text("any-time", "en")).contains("It had been sent before, and no response had come");
    }

    @Test
    void methodThatNobodyServes_pushesNoOtherCallOut() {
        call("none");
        assertThat(recorder.find("none").getFirst().traits()).isEmpty();
        assertThat(text("none", "en")).contains("No registered service serves it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"why", "why_pt"})
    void eachTextIsThereInBothLanguages(String bundle) {
        String base = "io.middleware.gateway.recorder.";
        Set<String> english = properties(base + "why").keySet();
        Set<String> these = properties(base + bundle).keySet();
        assertThat(these).containsAll(english);
        assertThat(these.stream().map(key -> properties(base + bundle).getString(key)))
                .as("an apostrophe would hide the values of a text")
                .noneMatch(text -> text.contains("'"));
    }

    @Test
    void eachFileThatIsNamedExists() throws IOException {
        serve("p1", Pool.PRIMARY, Status.UNAVAILABLE.withDescription("full"));
        serve("p2", Pool.PRIMARY, Status.OK);
        idempotent();
        for (int i = 0; i < 10; i++) {
            call("file-" + i);
        }
        recorder.all()
                .flatMap(call -> Narrator.tell(call, "gateway-1", "en").stream())
                .map(Narrator.Sentence::file)
                .distinct()
                .forEach(file -> assertThat(Repository.root().resolve(file))
                        .satisfies(path -> assertThat(Files.exists(path)).isTrue()));
    }

    private static ResourceBundle properties(String name) {
        return ResourceBundle.getBundle(name, Locale.ROOT);
    }

    private CallStory story(String id) {
        return stories.tell(id, "en", null).getFirst();
    }

    private String text(String id, String language) {
        return CallText.of(new AllGateways.Calls(stories.tell(id, language, null), Missing.NONE), language);
    }

    private String whatIf(String id, String supposition) {
        return stories.tell(id, "en", supposition).getFirst().whatIf();
    }

    private void idempotent() {
        gateway.describe(SAY_HELLO, new MethodTraits(true, Idempotency.NO_SIDE_EFFECTS));
    }

    private void call(String id) {
        call(id, null);
    }

    private void call(String id, @Nullable String resent) {
        Metadata headers = new Metadata();
        headers.put(CALL_ID, id);
        if (resent != null) {
            headers.put(RESENT, resent);
        }
        ClientInterceptor withId = MetadataUtils.newAttachHeadersInterceptor(headers);
        try {
            HelloServiceGrpc.newBlockingStub(gateway.channel())
                    .withInterceptors(withId)
                    .withDeadlineAfter(Duration.ofSeconds(10))
                    .sayHello(HelloRequest.newBuilder().setMessage("Hello").build());
        } catch (StatusRuntimeException expected) {
            // the record says it
        }
    }

    private void serve(String id, Pool pool, Status status) throws IOException {
        serve(id, pool, status, Duration.ZERO);
    }

    private void serve(String id, Pool pool, Status status, Duration work) throws IOException {
        Server server = ServerBuilder.forPort(0)
                .addService(new HelloServiceGrpc.HelloServiceImplBase() {
                    @Override
                    public void sayHello(HelloRequest request, StreamObserver<HelloReply> response) {
                        LockSupport.parkNanos(work.toNanos());
                        if (!status.isOk()) {
                            response.onError(status.asRuntimeException());
                            return;
                        }
                        response.onNext(
                                HelloReply.newBuilder().setMessage("World").build());
                        response.onCompleted();
                    }
                })
                .build()
                .start();
        servers.add(server);
        gateway.register(id, server.getPort(), pool, SERVICE);
    }
}
