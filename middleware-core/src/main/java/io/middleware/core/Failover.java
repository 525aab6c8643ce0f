package io.middleware.core;

import java.time.Duration;

/**
 * Starts calls, and decides what happens after each attempt. In the order of the decision:
 * <ol>
 * <li><b>answered</b>: the caller gets it, application errors included.
 * <li><b>may not be repeated</b>, and it may have run: the caller is told so.
 * <li><b>nothing to send again</b> (the answer has begun, or the request was too large to keep): the caller gets what there is.
 * <li><b>unsent</b>, and an instance is left that was not tried: that one, at once and free of charge, whatever the method.
 * <li><b>too many attempts, or the budget is used up</b>: the caller gets what there is.
 * <li>else again: at once on an instance that was not tried, or after a back-off on any.
 * </ol>
 * A server that answers {@code UNAVAILABLE} or {@code RESOURCE_EXHAUSTED} asks for another instance; whether it has executed
 * anything is not known, so that counts as in doubt.
 */
public final class Failover {

    /** What to do after an attempt: end the call, or try again now or after a wait. */
    sealed interface Decision {
        record GiveUp(String because) implements Decision { }

        record TryAgain(long waitMillis) implements Decision { }
    }

    static final Decision ANSWER = new Decision.GiveUp(null);
    private static final Decision NOW = new Decision.TryAgain(0);
    private static final Decision MAY_HAVE_RUN = new Decision.GiveUp("it may have run, and may not be repeated");
    private static final Decision NOT_KEPT = new Decision.GiveUp("the request was too large to be kept for another attempt");
    private static final Decision ENOUGH = new Decision.GiveUp("the limit of attempts is reached");
    private static final Decision NO_BUDGET = new Decision.GiveUp("the budget for repeats is used up");

    private final Directory directory;
    private final Transport transport;
    private final Ejector ejector;
    private final Ticker ticker;
    private final Duration unaryDeadline;
    private final int attempts;
    private final Replay.Limits replayLimits;

    public Failover(Directory directory, Transport transport, Ejector ejector, Settings settings, Ticker ticker) {
        this.directory = directory;
        this.transport = transport;
        this.ejector = ejector;
        this.ticker = ticker;
        this.unaryDeadline = settings.unaryDeadline();
        this.attempts = settings.attempts();
        this.replayLimits = new Replay.Limits(settings.replay());
    }

    /**
     * Starts a call: its first attempt is under way when this returns, and the caller hears of the rest.
     *
     * @return null when no service serves it; the caller was told
     */
    public Exchange start(Call call) {
        String grpcService = Call.grpcService(call.path());
        Service service = grpcService == null ? null : directory.serviceOf(grpcService);
        if (service == null) {
            call.caller().failed(unknown(call.path(), grpcService));
            return null;
        }
        MethodTraits traits = service.traits(call.path());
        Deadline deadline = Deadline.of(call, traits, unaryDeadline, ticker);
        service.repeats().budget().deposit();
        Exchange exchange = new Exchange(this, call, service, traits, deadline, new Replay(replayLimits));
        exchange.start();
        return exchange;
    }

    /** Bytes of requests that are held for another attempt, of all calls together. */
    public long heldBytes() {
        return replayLimits.held().get();
    }

    /** {@code whole}: nothing of an answer was given yet, and all of the request can be sent again. */
    Decision decide(Outcome outcome, Tries tries, boolean whole) {
        boolean answered = outcome.kind() == Outcome.Kind.ANSWERED;
        if (answered && !outcome.code().asksForAnotherInstance()) {
            return ANSWER;
        }
        if (outcome.code() == Code.DEADLINE_EXCEEDED) {
            return ANSWER;
        }
        boolean unsent = outcome.kind() == Outcome.Kind.UNSENT;
        if (!unsent && !tries.repeatable()) {
            return answered ? ANSWER : MAY_HAVE_RUN;
        }
        if (!whole) {
            return answered ? ANSWER : NOT_KEPT;
        }
        if (unsent && tries.hasUntried()) {
            return NOW;
        }
        boolean another = tries.hasUntried();
        long waitMillis = tries.nextWait(outcome);
        if (waitMillis < 0 || !another && tries.count() >= attempts) {
            return ENOUGH;
        }
        if (!tries.pay()) {
            return NO_BUDGET;
        }
        // a short back-off may be rounded to none, which would mean that an instance is left that was not tried
        return another ? NOW : new Decision.TryAgain(Math.max(1, waitMillis));
    }

    private Failure unknown(String path, String grpcService) {
        if (grpcService == null) {
            return new Failure(Code.UNIMPLEMENTED, "no method: " + path + " (expected: /package.Service/Method)");
        }
        if (!directory.loaded()) {
            return new Failure(Code.UNAVAILABLE, "the registry has not said yet which services there are");
        }
        return new Failure(Code.UNIMPLEMENTED, "no registered service serves " + grpcService);
    }

    Transport transport() {
        return transport;
    }

    Ejector ejector() {
        return ejector;
    }

    Ticker ticker() {
        return ticker;
    }
}
