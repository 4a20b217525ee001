//! The limit per minute is one for all servers of a database.

use std::time::Duration;

use bedring_server::mail::{plan_due, send_due};
use bedring_server::state::AppState;

use crate::support::seed;
use crate::world::{World, with_mail};

/// So many servers, each of which may send ten in a minute.
fn servers(world: &World, count: usize) -> Vec<AppState> {
    let mut config = world.app.state.config.clone();
    config.mail.per_minute = 10;
    (0..count)
        .map(|_| world.server_with(config.clone()))
        .collect()
}

/// All at once, each for as long as it gets something. Gives how many there were in all.
async fn all_send(world: &World, servers: &[AppState]) -> usize {
    let turns = servers
        .iter()
        .cloned()
        .map(|server| tokio::spawn(async move { while send_due(&server).await.unwrap() > 0 {} }));
    for turn in turns.collect::<Vec<_>>() {
        turn.await.unwrap();
    }
    world.sink.all().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_servers_together_send_no_more_than_one_may() {
    with_mail(|world| async move {
        let project = seed::project(&world.app).await;
        for i in 0..35 {
            let email = format!("p{i}@people.example");
            world.somebody_in(project, &email, "2026-03-02").await;
        }
        world.skip_to("2026-03-02T10:00:00");
        plan_due(&world.app.state).await.unwrap();
        let servers = servers(&world, 3);
        assert_eq!(all_send(&world, &servers).await, 10);
        world.app.clock.advance(Duration::from_secs(59));
        assert_eq!(
            all_send(&world, &servers).await,
            10,
            "the minute is not over"
        );
        world.app.clock.advance(Duration::from_secs(2));
        // One that starts only now knows of the others.
        let late = self::servers(&world, 1);
        assert_eq!(all_send(&world, &late).await, 20);
        assert_eq!(all_send(&world, &servers).await, 20);
        // After a pause there is a minute's worth, and not all that could have gone.
        world.app.clock.advance(Duration::from_secs(3600));
        assert_eq!(all_send(&world, &servers).await, 30);
        world.app.clock.advance(Duration::from_secs(61));
        assert_eq!(all_send(&world, &servers).await, 35);
        let all = world.sink.all();
        let people: std::collections::BTreeSet<&str> = all.iter().map(|m| m.to.as_str()).collect();
        assert_eq!(people.len(), 35, "and everybody once");
    })
    .await;
}
