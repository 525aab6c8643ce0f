package io.middleware.gateway.consul;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Consul one question for ever, each time for what is newer than the answer before, until its thread is interrupted.
 *
 * <p>After each answer it waits for {@link #TOGETHER}: a Consul that was away finds every check failing and then passing again, and
 * would say so one by one, each time with all instances.
 *
 * <p>Starts without an index, and again after an error or when the index goes backwards: then Consul has lost its memory, and
 * would stay silent until it has caught up with the old index. Or it has not read all of its log yet and knows too little: what it
 * answers with such an index is not heard, and {@link ConsulHttp#get} has it read all before it answers a question without one.
 */
final class LongPoll implements Runnable {
    /** So much later at most is heard what comes right after other news; what comes after silence is heard at once. */
    static final Duration TOGETHER = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(LongPoll.class);

    private final ConsulHttp consul;
    private final String path;
    private final Listener listener;
    private final ConsulReachability reachability;
    private final BackOff backOff;
    private final Pause pause;

    /** Hears each answer. */
    @FunctionalInterface
    interface Listener {
        /** @throws IOException if this is not what was asked for */
        void heard(ConsulHttp.Answer answer) throws IOException, InterruptedException;
    }

    /** Lets time pass; {@link Thread#sleep(Duration)}, but for tests. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    LongPoll(
            ConsulHttp consul,
            String path,
            Listener listener,
            ConsulReachability reachability,
            BackOff backOff,
            Pause pause) {
        this.consul = consul;
        this.path = path;
        this.listener = listener;
        this.reachability = reachability;
        this.backOff = backOff;
        this.pause = pause;
    }

    @Override
    public void run() {
        try {
            long index = 0;
            while (!Thread.currentThread().isInterrupted()) {
                index = ask(index);
                if (index == 0) {
                    pause.pause(backOff.next());
                } else {
                    backOff.reset();
                    pause.pause(TOGETHER);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            reachability.onEnd(this);
        }
    }

    /** The index to ask with next; 0 when the next question is the first again. */
    private long ask(long index) throws InterruptedException {
        try {
            ConsulHttp.Answer answer = consul.get(path, index);
            boolean backwards = answer.index() < index;
            if (!backwards) {
                listener.heard(answer);
            }
            reachability.onSuccess(this);
            return backwards ? 0 : answer.index();
        } catch (ConsulHttp.GivenUpException again) {
            log.debug("{} is asked anew", path);
        } catch (IOException failed) {
            reachability.onFailure(this, failed.getMessage());
        } catch (RuntimeException bug) {
            log.error("what Consul answers to {} cannot be taken in", path, bug);
            reachability.onFailure(this, "its answer to " + path + " cannot be taken in");
        }
        return 0;
    }
}
