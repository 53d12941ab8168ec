//! `dagsorden serve`: opens the log, binds the address, and goes down in order.

use crate::{
    Outcome, demo,
    files::{FileArguments, MirrorArguments},
    open::open_log,
    runtime,
};
use axum::serve::ListenerExt;
use clap::{Args, ValueEnum};
use server::{
    app::App,
    config::{Config, KeySource, Limits, TokenAlgorithm, TokenConfig},
    files::{FileSettings, ScannerAddress},
    witnesses::WitnessSettings,
};
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, signal::unix::SignalKind};

/// How long open requests may take to finish when the service goes down.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Args)]
pub struct Arguments {
    /// Where the log and the service's secret lie.
    #[arg(long, env = "DAGSORDEN_DATA", default_value = "data")]
    data: PathBuf,
    #[arg(long, env = "DAGSORDEN_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A demonstration forum, and sign-in by choosing a person. Only on loopback.
    #[arg(long)]
    demo: bool,
    /// Where browsers find the service: "https://dagsorden.example.dk".
    #[arg(long, env = "DAGSORDEN_PUBLIC_ORIGIN")]
    public_origin: Option<String>,
    /// The one algorithm that tokens may be signed with.
    #[arg(long, env = "DAGSORDEN_JWT_ALGORITHM", value_enum, default_value = "eddsa")]
    jwt_algorithm: Algorithm,
    /// The identity provider's public key, PEM.
    #[arg(long, env = "DAGSORDEN_JWT_KEY", conflicts_with = "jwks")]
    jwt_key: Option<PathBuf>,
    /// The identity provider's keys, JWKS.
    #[arg(long, env = "DAGSORDEN_JWKS")]
    jwks: Option<PathBuf>,
    #[arg(long, env = "DAGSORDEN_JWT_ISSUER")]
    jwt_issuer: Option<String>,
    #[arg(long, env = "DAGSORDEN_JWT_AUDIENCE")]
    jwt_audience: Option<String>,
    /// ClamAV's socket, which every attachment is shown to: unix:/run/clamav/clamd.ctl or
    /// tcp:127.0.0.1:3310. What it does not clear is refused; give it `StreamMaxLength 50M`.
    #[arg(long, env = "DAGSORDEN_CLAMD")]
    clamd: Option<ScannerAddress>,
    #[command(flatten)]
    files: FileArguments,
    /// A folder, best on another machine, that gets a second copy of the record as it grows: the log, the
    /// attachments and the public keys. `dagsorden restore --from` makes a data folder of it.
    #[arg(long, env = "DAGSORDEN_MIRROR")]
    mirror: Option<PathBuf>,
    #[command(flatten)]
    mirror_bucket: MirrorArguments,
    /// A witness on other hands that cosigns each checkpoint: its address and its public key; may be given again.
    #[arg(long, num_args = 2, value_names = ["URL", "KEY"])]
    witness: Vec<String>,
    /// Frames per second that one socket may send.
    #[arg(long, default_value_t = Limits::default().frames_per_second)]
    frames_per_second: u32,
    /// HTTP requests per second that one address may make.
    #[arg(long, default_value_t = Limits::default().requests_per_second)]
    requests_per_second: u32,
    /// What one person may look up in histories and earlier texts in an hour.
    #[arg(long, default_value_t = Limits::default().lookups_per_hour)]
    lookups_per_hour: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Algorithm {
    Eddsa,
    Rs256,
}

impl Arguments {
    fn config(&self) -> Result<Config, String> {
        let limits = Limits::default();
        Ok(Config {
            data: self.data.clone(),
            listen: self.listen,
            demo: self.demo,
            tokens: self.tokens()?,
            public_origin: self.public_origin.clone(),
            files: FileSettings { s3: self.files.s3(), scanner: self.clamd.clone() },
            mirror: self.mirror.clone(),
            mirror_bucket: self.mirror_bucket.s3()?,
            witnesses: self.witnesses()?,
            limits: Limits {
                frames_per_second: self.frames_per_second,
                frame_burst: limits.frame_burst.max(self.frames_per_second.saturating_mul(4)),
                requests_per_second: self.requests_per_second,
                request_burst: limits.request_burst.max(self.requests_per_second.saturating_mul(4)),
                lookups_per_hour: self.lookups_per_hour,
                ..limits
            },
        })
    }

    fn witnesses(&self) -> Result<Vec<WitnessSettings>, String> {
        let (pairs, _) = self.witness.as_chunks::<2>();
        let setting = |[url, key]: &[String; 2]| {
            let key = key.parse().map_err(|error| format!("--witness {url}: {error}"))?;
            Ok(WitnessSettings { url: url.clone(), key })
        };
        pairs.iter().map(setting).collect()
    }

    fn tokens(&self) -> Result<Option<TokenConfig>, String> {
        let keys = match (&self.jwt_key, &self.jwks) {
            (Some(path), _) => KeySource::Pem(path.clone()),
            (None, Some(path)) => KeySource::Jwks(path.clone()),
            (None, None) => return Ok(None),
        };
        let (Some(issuer), Some(audience)) = (&self.jwt_issuer, &self.jwt_audience) else {
            return Err("a token key needs --jwt-issuer and --jwt-audience beside it".into());
        };
        let algorithm = match self.jwt_algorithm {
            Algorithm::Eddsa => TokenAlgorithm::EdDsa,
            Algorithm::Rs256 => TokenAlgorithm::Rs256,
        };
        Ok(Some(TokenConfig { algorithm, keys, issuer: issuer.clone(), audience: audience.clone() }))
    }
}

pub fn run(arguments: Arguments) -> Outcome {
    let config = arguments.config()?;
    config.check()?;
    runtime()?.block_on(serve(config))
}

async fn serve(config: Config) -> Outcome {
    let (demo, listen) = (config.demo, config.listen);
    let listener = TcpListener::bind(listen).await.map_err(|e| format!("cannot listen on {listen}: {e}"))?;
    let address = listener.local_addr()?;
    let log = open_log(&config.data)?;
    let app = App::open(config, Arc::new(log)).await?;
    if demo {
        demo::prepare(&app).await?;
    }
    app.finish_moves().await;
    app.start_signing();
    app.start_mirrors();
    app.start_witnesses();
    app.finish_erasures();
    let router = server::api::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    // Without this, small frames wait for the acknowledgement of the one before: 40 ms.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    println!("Dagsorden: http://{address}");
    let stopping = app.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        stop_signal().await;
        tracing::info!("going down: sockets end, what is on its way is finished");
        stopping.begin_stop();
    });
    let mut stop = app.stopping();
    let patience = async {
        let _ = stop.wait_for(|stop| *stop).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = server => served?,
        () = patience => tracing::warn!("some requests did not finish in time"),
    }
    app.stop().await;
    tracing::info!("the log is closed");
    Ok(())
}

/// SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let terminated = async {
        match tokio::signal::unix::signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be caught");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = terminated => {}
        interrupted = tokio::signal::ctrl_c() => {
            if let Err(error) = interrupted {
                tracing::error!(%error, "Ctrl-C cannot be caught");
            }
        }
    }
}
