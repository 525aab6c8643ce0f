package io.middleware.core.directory;

import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells listeners of changes, one after another, on the threads that made them. */
final class ChangeListeners {
    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    private final List<Consumer<InstanceChange>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<InstanceChange> untold = new ConcurrentLinkedQueue<>();
    private final ReentrantLock telling = new ReentrantLock();
    private final Level news;

    /** {@code news}: the level of lines about instances that are in use. */
    ChangeListeners(Level news) {
        this.news = news;
    }

    void listen(Consumer<InstanceChange> listener) {
        listeners.add(listener);
    }

    /** Adds changes that took effect, to be told. */
    void add(Collection<InstanceChange> changes) {
        untold.addAll(changes);
    }

    /** Returns whether there are changes that were not told yet. */
    boolean some() {
        return !untold.isEmpty();
    }

    /** Calls the listeners; the caller holds no lock, as they may use the directory, and block. */
    void tell() {
        if (telling.isHeldByCurrentThread()) {
            return; // a listener made this change: the loop that called it reports this one next
        }
        telling.lock();
        try {
            for (InstanceChange change = untold.poll(); change != null; change = untold.poll()) {
                tell(change);
            }
        } finally {
            telling.unlock();
        }
    }

    private void tell(InstanceChange change) {
        if (change.kind() != InstanceChange.Kind.RENEWED && change.kind() != InstanceChange.Kind.DOUBTED) {
            log.atLevel(change.instance().inUse() ? news : Level.DEBUG)
                    .log(
                            "{} of {} {}",
                            change.instance(),
                            change.service(),
                            change.kind().inWords());
        }
        for (Consumer<InstanceChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                log.error("{} of {}: a listener failed at {}", change.instance(), change.service(), change.kind(), e);
            }
        }
    }
}
