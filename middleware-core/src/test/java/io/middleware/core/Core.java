package io.middleware.core;

import static io.middleware.core.MethodTraits.Idempotency.IDEMPOTENT;
import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole core around a scripted transport and a clock turned by hand. Choices are not random: the first candidate has it. */
final class Core {
    static final String SERVICE = "hello-service";
    static final String GRPC_SERVICE = "hello.v1.HelloService";
    /** Unary, may be repeated. */
    static final String SAY_HELLO = "/hello.v1.HelloService/SayHello";
    /** Unary, may be repeated, and changes something. */
    static final String UPDATE = "/hello.v1.HelloService/Update";
    /** Unary, may not be repeated. */
    static final String SIGN = "/hello.v1.HelloService/Sign";
    /** A stream that may be repeated until its answer begins. */
    static final String CHAT = "/hello.v1.HelloService/Chat";

    final ManualTime time;
    final Chunks chunks = new Chunks();
    final ScriptedTransport transport;
    final List<Directory.Change> changes = new ArrayList<>();
    final List<Instance> everyInstance = new ArrayList<>();
    final Directory directory;
    final Ejector ejector;
    final KeptAnswers kept;
    final Failover failover;

    Core() {
        this(Settings.defaults());
    }

    Core(Settings settings) {
        this(settings, List::getFirst);
    }

    Core(Settings settings, Balancer balancer) {
        this(settings, balancer, new ManualTime(), null);
    }

    /** Several may go by the same clock. */
    Core(Settings settings, Balancer balancer, ManualTime time) {
        this(settings, balancer, time, null);
    }

    /** {@code policy}: what last good answers are kept of; null for none. */
    Core(Settings settings, Balancer balancer, LastGoodAnswers.Policy policy) {
        this(settings, balancer, new ManualTime(), policy);
    }

    private Core(Settings settings, Balancer balancer, ManualTime time, LastGoodAnswers.Policy policy) {
        this.time = time;
        this.transport = new ScriptedTransport(time, chunks);
        directory = new Directory(service -> balancer, this::create, settings, time);
        directory.listen(changes::add);
        ejector = new Ejector(transport, time, time, settings);
        kept = new KeptAnswers(chunks);
        failover = new Failover(
                directory,
                transport,
                ejector,
                settings,
                time,
                policy == null ? null : new LastGoodAnswers(policy, kept, time));
    }

    /** Its instances are passing primaries, but those whose id begins with {@code s}: they are secondaries. */
    static Core serving(String... ids) {
        return serving(Settings.defaults(), ids);
    }

    static Core serving(Settings settings, String... ids) {
        return serving(new Core(settings), ids);
    }

    /** It keeps last good answers by this policy. */
    static Core serving(LastGoodAnswers.Policy policy, String... ids) {
        return serving(new Core(Settings.defaults(), List::getFirst, policy), ids);
    }

    private static Core serving(Core core, String... ids) {
        core.register(Arrays.stream(ids).map(Core::passing).toArray(Registration[]::new));
        core.directory.markLoaded();
        core.describe();
        return core;
    }

    /** The defaults, but for what repeats may do. */
    static Settings repeating(int attempts, Duration firstBackOff, Settings.Budget budget) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.unaryDeadline(),
                attempts,
                firstBackOff,
                budget,
                defaults.replay(),
                defaults.ejection(),
                defaults.hedge(),
                defaults.silence(),
                defaults.limit());
    }

    static Settings repeating(int attempts, Duration firstBackOff) {
        return repeating(attempts, firstBackOff, Settings.defaults().budget());
    }

    /** The defaults, but for the bytes that may be kept of requests. */
    static Settings keeping(long bytes) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.unaryDeadline(),
                defaults.attempts(),
                defaults.firstBackOff(),
                defaults.budget(),
                new Settings.Replays(bytes, bytes),
                defaults.ejection(),
                defaults.hedge(),
                defaults.silence(),
                defaults.limit());
    }

    /** The defaults, but for the limit of calls at a time. */
    static Settings limiting(Settings.Limit limit) {
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
                limit);
    }

    /** The defaults, but for when ejected instances are probed. */
    static Settings probing(Duration first, Duration longest) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.unaryDeadline(),
                defaults.attempts(),
                defaults.firstBackOff(),
                defaults.budget(),
                defaults.replay(),
                ejection(first, longest),
                defaults.hedge(),
                defaults.silence(),
                defaults.limit());
    }

    static Settings.Ejection ejection(Duration firstProbe, Duration longestProbe) {
        Settings.Ejection defaults = Settings.defaults().ejection();
        return new Settings.Ejection(
                firstProbe, longestProbe, defaults.outliers(), defaults.firstTrial(), defaults.longestTrial());
    }

    static Registration passing(String id) {
        Pool pool = id.startsWith("s") ? Pool.SECONDARY : Pool.PRIMARY;
        int port = 20_000 + id.hashCode() % 1000;
        return new Registration(id, "127.0.0.1", port, pool, 1, List.of(GRPC_SERVICE), false, true, 10, 10);
    }

    static Registration failing(String id) {
        Registration r = passing(id);
        return new Registration(id, r.host(), r.port(), r.pool(), r.weight(), r.grpcServices(), false, false, 10, 11);
    }

    static Registration inMaintenance(String id) {
        Registration r = passing(id);
        return new Registration(
                id,
                "",
                r.host(),
                r.port(),
                r.pool(),
                r.weight(),
                r.grpcServices(),
                false,
                Registration.Status.MAINTENANCE,
                10,
                12);
    }

    static Registration keyed(String id) {
        Registration r = passing(id);
        return new Registration(id, r.host(), r.port(), r.pool(), r.weight(), r.grpcServices(), true, true, 10, 10);
    }

    void register(Registration... registrations) {
        directory.update(SERVICE, List.of(registrations));
    }

    Service service() {
        return directory.serviceOf(GRPC_SERVICE);
    }

    Instance instance(String id) {
        return service().candidates().all().stream()
                .filter(i -> i.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no instance " + id));
    }

    /** The ids of the instances that the next attempt is chosen from. */
    List<String> best() {
        return service().candidates().best(List.of()).stream().map(Instance::id).toList();
    }

    Map<String, Instance.Standing> standings() {
        Map<String, Instance.Standing> standings = new LinkedHashMap<>();
        service().candidates().all().forEach(i -> standings.put(i.id(), i.standing()));
        return standings;
    }

    Asked ask(String path) {
        return ask(path, null);
    }

    Asked ask(String path, Duration deadline) {
        return ask(path, deadline, false);
    }

    Asked ask(String path, Duration deadline, boolean idempotencyKey) {
        return ask(path, deadline, idempotencyKey, TestHeaders.NONE);
    }

    Asked ask(String path, Duration deadline, boolean idempotencyKey, Headers headers) {
        RecordingCaller caller = new RecordingCaller();
        long at = deadline == null ? Call.NO_DEADLINE : time.nanos() + deadline.toNanos();
        Exchange exchange = failover.start(new Call(path, headers, at, idempotencyKey, caller, time));
        return new Asked(this, caller, exchange);
    }

    /** A whole call: asks, sends the message, and lets happen what happens without waiting. */
    RecordingCaller call(String path) {
        Asked asked = ask(path);
        asked.send("Hello", true);
        time.runDue();
        return asked.caller();
    }

    /** What must hold when all calls have ended. */
    void assertNothingLeft() {
        assertThat(everyInstance).as("calls in flight").allMatch(instance -> instance.inFlight() == 0);
        assertThat(everyInstance)
                .as("hedges under way")
                .allMatch(instance -> instance.service().hedges().underWay() == 0);
        chunks.assertAllReleased();
        assertThat(failover.heldBytes()).as("bytes held for another attempt").isZero();
    }

    void describe() {
        service()
                .describe(Map.of(
                        SAY_HELLO, new MethodTraits(true, NO_SIDE_EFFECTS),
                        UPDATE, new MethodTraits(true, IDEMPOTENT),
                        SIGN, new MethodTraits(true, UNKNOWN),
                        CHAT, new MethodTraits(false, NO_SIDE_EFFECTS)));
    }

    private Instance create(Service service, Registration registration) {
        Instance instance = new Instance(service, registration);
        everyInstance.add(instance);
        return instance;
    }

    /** A call that was started, from the caller's end. */
    record Asked(Core core, RecordingCaller caller, Exchange exchange) {
        void send(String text, boolean last) {
            exchange.send(core.chunks.of(text), last);
        }

        void cancel() {
            caller.leave();
            exchange.cancel();
        }
    }
}
