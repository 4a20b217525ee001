//! `bedring serve`: the server.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use clap::Args;
use tokio::net::TcpListener;

use super::open::{Opened, assert_writable, open};
use super::{CliError, CliResult, block_on, demo};
use crate::config::Config;
use crate::http::assets::Assets;
use crate::http::connections::Bounds;
use crate::http::serve::{serve, stop_signal};
use crate::mail::smtp::SmtpMailer;
use crate::observe;
use crate::ports::{Mailer, OsRandom};
use crate::state::{AppState, Parts};
use crate::{followup, health, http, jobs, mail};

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Make something to try out, on an empty database: programmes, invented data, accounts, and an invitation at every start
    #[arg(long)]
    demo: bool,
}

pub(super) fn run(config: &Config, args: &ServeArgs) -> CliResult {
    observe::log::start(&config.log).map_err(CliError::new)?;
    block_on(start(config.clone(), args.demo))
}

/// Ports first: a second server that is started by mistake must not touch the first one's data.
async fn start(mut config: Config, demo: bool) -> CliResult {
    let listener = listen(config.server.bind).await?;
    let address = listener.local_addr()?;
    // Port 0 is any free one: from here on everybody must know which, links above all.
    config.server.bind = address;
    let metrics = match config.server.metrics_bind {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let stop = stop_signal()?;
    let Opened { db, keys, clock } = open(&config).await?;
    assert_writable(&db).await?;
    let clock = if demo {
        demo::clock(address, &config.server, clock)?
    } else {
        clock
    };
    if let Some(listener) = metrics {
        start_metrics(listener, Bounds::of(&config))?;
    }
    let mailer = SmtpMailer::new(&config.mail)?.map(|m| Arc::new(m) as Arc<dyn Mailer>);
    let parts = Parts {
        config,
        clock,
        random: Arc::new(OsRandom),
        keys,
        assets: Assets::embedded(),
        mailer,
        db,
    };
    let state = AppState::new(parts);
    if demo {
        demo::start(&state, address).await?;
    }
    let held = tokio::spawn(take_hold(state.clone()));
    let (tell, told) = tokio::sync::watch::channel(false);
    let mails = tokio::spawn(mail::work(state.clone(), told.clone()));
    let returned = tokio::spawn(mail::watch_mailbox(state.clone(), told.clone()));
    let watched = tokio::spawn(health::watch(state.clone(), told.clone()));
    let worker = tokio::spawn(jobs::work(state.clone(), told));
    let url = state.config.server.base_url();
    tracing::info!(%address, url, version = crate::VERSION, "listening");
    let bounds = Bounds::of(&state.config);
    serve(listener, http::router(state.clone()), bounds, stop).await;
    // After the requests: what they left behind may still be done, and what is not stays in the table.
    tell.send_replace(true);
    // What it has not done by now the next start does.
    held.abort();
    worker.await?;
    mails.await?;
    returned.await?;
    watched.await?;
    state.db.clone().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// Nobody has to wait for it: what has no row of the plan is on the worklist all the same.
async fn take_hold(state: AppState) {
    match followup::backfill::run(&state).await {
        Ok(0) => {}
        Ok(held) => tracing::info!(
            held,
            "occasions from before there were plans were taken hold of"
        ),
        Err(error) => {
            tracing::error!(%error, "occasions from before there were plans wait for the next start")
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, CliError> {
    TcpListener::bind(address)
        .await
        .map_err(|e| CliError::new(format!("cannot listen on {address}: {e}")))
}

/// Figures have a listener of their own, so that they can be kept from the outside by address alone.
fn start_metrics(listener: TcpListener, bounds: Bounds) -> CliResult {
    let handle = observe::metrics::install()?;
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    let router = Router::new().route("/metrics", get(move || async move { handle.render() }));
    tokio::spawn(serve(listener, router, bounds, std::future::pending()));
    Ok(())
}
