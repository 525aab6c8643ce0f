package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Deadline;
import io.middleware.core.Failure;
import io.middleware.core.Outcome;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.ConcurrencyLimit;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;
import io.middleware.core.retry.HedgeDelay;
import io.middleware.core.retry.HedgeLimit;
import io.middleware.core.stale.StaleRecorder;
import io.middleware.core.stale.StaleResponses;
import java.time.Duration;

/**
 * Starts calls, and decides what happens after each attempt. A unary call for which each instance that could be next is at its
 * {@link ConcurrencyLimit} is refused at once: a secondary is for failures, not for load. In the order of the decision:
 * <ol>
 * <li><b>answered</b>: the caller gets it, application errors included.
 * <li><b>unimplemented</b>, though the instance lists the gRPC service: one that was not tried and is not ejected, at once, whatever
 * the method; where each says so, or none is left, the caller gets the last one's.
 * <li><b>another attempt is under way, and no instance is left that was not tried</b>: that one is waited for.
 * <li><b>rejected</b>, or the second connection that ended because of a request had this one on it: the caller gets what there is.
 * Another instance would break at it as well, and with it the calls of others.
 * <li><b>may not be repeated</b>, and this attempt or another may have run: the caller is told so.
 * <li><b>nothing to send again</b> (the answer has begun, or the request was too large to keep): the caller gets what there is.
 * <li><b>unsent</b>, and an instance is left that was not tried: that one, at once and free of charge, whatever the method.
 * <li><b>too many attempts, or the budget is used up</b>: the caller gets what there is.
 * <li>else again: at once on an instance that was not tried, or after a back-off on any.
 * </ol>
 * As long as another attempt is under way, that is waited for where the caller would get what there is: the response of the last
 * server that refused the call, unchanged, or where none did an error of ours, in words that name each instance tried, what came
 * of it, and why it was left at that.
 *
 * <p>A server that responds with {@code UNAVAILABLE} asks for another instance; whether it has executed anything is not known, so
 * that counts as in doubt. {@code RESOURCE_EXHAUSTED} may be a quota, which another instance would only be asked to exceed, and
 * goes to the caller. By {@link Pushback} a server may say of both that nobody may retry, which forbids hedges too, or how long
 * each retry and hedge has to wait.
 *
 * <p>An attempt that does not end is overdue when {@link HedgeDelay} has passed since it had the whole request, and each time that
 * as long has passed again:
 * <ol>
 * <li><b>its instance is out</b> by now (ejected, or not passing), and <b>nothing has left</b>, as the connection is still being
 * made or takes no more: it counts as unsent.
 * <li><b>a unary call that may not be repeated</b>, and its instance has been <b>silent</b> for {@code silence.lost-after}: the
 * caller is told that it may have run.
 * <li><b>nothing has come back</b>: {@link OutlierDetector} asks the instance for a sign of life, whatever the method.
 * <li><b>may be repeated, and the request is whole</b>: a hedge, which is counted and paid for like any repeat. It goes to an
 * instance that was not tried and is as good as those that are tried first, unless {@link HedgeLimit} has as many as there may be
 * at a time; or to any where all that were asked are out. The first acceptable answer wins, and the other attempts are reset.
 * <li><b>nothing has left</b>, as its instance has no stream free, and there is no hedge: where an instance is left that was not
 * tried, is not out and has room, it counts as unsent.
 * </ol>
 * At its {@link Deadline} a call ends as {@code DEADLINE_EXCEEDED}; one that may not be repeated and may have run, in words that
 * say so.
 *
 * <p>A call that is to end as {@code UNAVAILABLE} before anything of an answer was given gets the last good answer to the same
 * question instead, where {@link StaleResponses} has it; to know the question, the whole request is waited for.
 */
public final class Failover {

    /** What to do after an attempt. */
    sealed interface Decision {
        /** The caller gets the answer. */
        record Answer() implements Decision {}

        /** The call ends with what there is. */
        record GiveUp(String because) implements Decision {}

        /** Another attempt, at once or after a wait. */
        record TryAgain(long waitMillis) implements Decision {}

        /** The attempts that are under way may still do it. */
        record Await() implements Decision {}
    }

    private static final Decision ANSWER = new Decision.Answer();
    private static final Decision TIME_IS_OVER = new Decision.GiveUp(null);
    private static final Decision NOW = new Decision.TryAgain(0);
    private static final Decision AWAIT = new Decision.Await();
    private static final Decision MAY_HAVE_RUN = new Decision.GiveUp(Stops.MAY_HAVE_RUN);
    private static final Decision REJECTED = new Decision.GiveUp(
            "it objects to the request itself, and what that breaks at one instance it would break at others");
    private static final Decision NOT_KEPT =
            new Decision.GiveUp("the request was too large to be kept for another attempt");
    private static final Decision FORBIDDEN = new Decision.GiveUp("the server asks not to retry");
    private static final Decision ENOUGH = new Decision.GiveUp("the limit of attempts is reached");
    private static final Decision NO_BUDGET = new Decision.GiveUp("the budget for repeats is used up");

    private final Directory directory;
    private final Transport transport;
    private final OutlierDetector ejector;
    private final Ticker ticker;
    private final Duration unaryDeadline;
    private final int attempts;
    private final long silentAfter;
    private final RequestBuffer.Limits replayLimits;
    private final StaleResponses lastGoodAnswers;

    /** Without last good answers. */
    public Failover(
            Directory directory, Transport transport, OutlierDetector ejector, Settings settings, Ticker ticker) {
        this(directory, transport, ejector, settings, ticker, null);
    }

    /** {@code lastGoodAnswers}: null for none. */
    public Failover(
            Directory directory,
            Transport transport,
            OutlierDetector ejector,
            Settings settings,
            Ticker ticker,
            StaleResponses lastGoodAnswers) {
        this.directory = directory;
        this.transport = transport;
        this.ejector = ejector;
        this.ticker = ticker;
        this.unaryDeadline = settings.unaryDeadline();
        this.attempts = settings.attempts();
        this.silentAfter = settings.silence().after().toNanos();
        this.replayLimits = new RequestBuffer.Limits(settings.replay());
        this.lastGoodAnswers = lastGoodAnswers;
    }

    /**
     * Starts a call: its first attempt is under way when this returns, and the caller hears of the rest.
     *
     * @return null when no service serves it; the caller was told
     */
    public Exchange start(Call call) {
        String grpcService = Call.grpcService(call.path());
        Route route = grpcService == null ? null : directory.route(grpcService);
        if (route == null) {
            call.caller().onFailure(unknown(call.path(), grpcService));
            return null;
        }
        Service service = route.service();
        Service.Method method = service.method(call.path());
        Deadline deadline = Deadline.of(call, method.traits(), unaryDeadline, ticker);
        service.repeats().budget().deposit();
        StaleRecorder lastGood = lastGoodAnswers == null ? null : lastGoodAnswers.of(call, method.traits());
        Exchange exchange =
                new Exchange(this, call, route, method, deadline, new RequestBuffer(replayLimits), lastGood);
        exchange.start();
        return exchange;
    }

    /** Bytes of requests that are held for another attempt, of all calls together. */
    public long heldBytes() {
        return replayLimits.held().get();
    }

    /**
     * @param whole  nothing of an answer was given yet, and all of the request can be sent again
     * @param others other attempts are under way
     */
    Decision decide(Outcome outcome, Tries tries, boolean whole, boolean others) {
        if (tries.ends(outcome)) {
            return ANSWER;
        }
        if (outcome.code() == Code.UNIMPLEMENTED) {
            return others ? AWAIT : whole && tries.hasUntriedUsable() && tries.count() < attempts ? NOW : ANSWER;
        }
        if (outcome.code() == Code.DEADLINE_EXCEEDED) {
            return TIME_IS_OVER;
        }
        if (outcome.kind() == Outcome.Kind.REJECTED || outcome.blamesRequest() && tries.blameRequest()) {
            return others ? AWAIT : REJECTED;
        }
        if (tries.forbidden() || others && tries.mustWait(ticker.nanos()) > 0) {
            return others ? AWAIT : FORBIDDEN;
        }
        boolean another = tries.hasUntried();
        if (others && !another) {
            return AWAIT;
        }
        Decision decision = tries.mayRunTwice(others) ? MAY_HAVE_RUN : tryAgain(outcome, tries, whole, another);
        return others && decision instanceof Decision.GiveUp ? AWAIT : decision;
    }

    private Decision tryAgain(Outcome outcome, Tries tries, boolean whole, boolean another) {
        if (!whole) {
            return NOT_KEPT;
        }
        boolean firstRound = another && !tries.everyOneTried();
        if (!firstRound && tries.count() >= attempts) {
            return ENOUGH;
        }
        if (outcome.kind() == Outcome.Kind.UNSENT && another) {
            return NOW;
        }
        long waitMillis = tries.nextWait(outcome);
        if (waitMillis < 0) {
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

    /** How often this process was paused so long that what was not heard meanwhile counts against no instance. */
    public long pauses() {
        return ejector.pauses().count();
    }

    /** The most that a call has, but that each instance may get one that is not executed. */
    int attempts() {
        return attempts;
    }

    /** In nanoseconds: after this time an attempt that nothing came back on is looked at, if not sooner. */
    long silentAfter() {
        return silentAfter;
    }

    Transport transport() {
        return transport;
    }

    OutlierDetector ejector() {
        return ejector;
    }

    Ticker ticker() {
        return ticker;
    }
}
