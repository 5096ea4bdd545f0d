//! The life of a program: its tasks run only as long as it lives and is awake, and it may die at any await point.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// One run of a program.
#[derive(Default)]
pub struct Life(Mutex<State>);

#[derive(Default)]
struct State {
    dead: bool,
    asleep: bool,
    /// How many polls are left before it dies.
    polls_left: Option<u64>,
    /// Whom to wake when it dies or wakes up.
    tasks: BTreeMap<u64, Waker>,
    names: u64,
}

impl Life {
    fn held(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A task of this program. Gives `None` when the program died before it ended.
    pub fn of<F: Future>(self: &Arc<Self>, task: F) -> Living<F> {
        let mut state = self.held();
        state.names += 1;
        Living { life: Arc::clone(self), name: state.names, task: Some(Box::pin(task)) }
    }

    /// It is dead, now: nothing of it runs any more.
    pub fn kill(&self) {
        self.held().dead = true;
        self.wake_all();
    }

    /// It dies after so many more steps from one await point to the next.
    pub fn kill_after(&self, polls: u64) {
        self.held().polls_left = Some(polls);
    }

    /// It does not die after all.
    pub fn spare(&self) {
        self.held().polls_left = None;
    }

    /// Whether it is dead.
    pub fn is_dead(&self) -> bool {
        self.held().dead
    }

    /// Puts it to sleep, or wakes it up.
    pub fn set_asleep(&self, asleep: bool) {
        self.held().asleep = asleep;
        if !asleep {
            self.wake_all();
        }
    }

    fn wake_all(&self) {
        let tasks: Vec<Waker> = self.held().tasks.values().cloned().collect();
        for task in tasks {
            task.wake();
        }
    }

    /// Whether a task may take a step now.
    fn may_step(&self, name: u64, waker: &Waker) -> Step {
        let mut state = self.held();
        if state.polls_left == Some(0) {
            state.dead = true;
            state.polls_left = None;
            drop(state);
            self.wake_all();
            return Step::Dead;
        }
        if state.dead {
            return Step::Dead;
        }
        state.tasks.insert(name, waker.clone());
        if state.asleep {
            return Step::Asleep;
        }
        state.polls_left = state.polls_left.map(|left| left - 1);
        Step::Go
    }
}

enum Step {
    Go,
    Asleep,
    Dead,
}

/// A task that ends with its program.
pub struct Living<F> {
    life: Arc<Life>,
    name: u64,
    task: Option<Pin<Box<F>>>,
}

impl<F: Future> Future for Living<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.life.may_step(self.name, context.waker()) {
            Step::Dead => {
                self.task = None;
                Poll::Ready(None)
            }
            Step::Asleep => Poll::Pending,
            Step::Go => match self.task.as_mut() {
                Some(task) => task.as_mut().poll(context).map(Some),
                None => Poll::Ready(None),
            },
        }
    }
}

impl<F> Drop for Living<F> {
    fn drop(&mut self) {
        self.life.held().tasks.remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_program_stops_between_two_steps_and_does_not_run_asleep() {
        let life = Arc::<Life>::default();
        let steps = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&steps);
        let task = tokio::spawn(life.of(async move {
            loop {
                *counted.lock().expect("whole") += 1;
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }));
        let seconds = |count: u64| tokio::time::sleep(std::time::Duration::from_millis(count * 1000 + 500));
        seconds(3).await;
        assert_eq!(*steps.lock().expect("whole"), 4);
        life.set_asleep(true);
        seconds(3).await;
        assert_eq!(*steps.lock().expect("whole"), 4, "it slept");
        life.set_asleep(false);
        life.kill_after(2);
        assert_eq!(task.await.expect("ended"), None::<()>);
        assert!(life.is_dead());
    }
}
