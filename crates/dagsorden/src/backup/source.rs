//! Where a backup is taken from: a service that runs, or a data folder that none runs over.

use super::Failure;
use crate::{files::FileArguments, open::open_app, service::Service};
use agenda::event::Position;
use proof::hash::Hash;
use server::{
    app::App,
    files::{copied, write_copy},
    mirror::{Extent, Page, extent},
    secret,
};
use std::{
    path::Path,
    sync::{Arc, PoisonError},
};

pub enum Source {
    Folder(Arc<App>),
    Running(Box<Service>),
}

impl Source {
    /// `files` says where the attachments of a stopped service lie.
    pub async fn open(data: &Path, server: Option<&str>, files: &FileArguments) -> Result<Self, Failure> {
        let Some(server) = server else {
            let app = open_app(data, files.s3()).await;
            return app.map(Self::Folder).map_err(|error| {
                format!("{error}\n(or back up from the running service: --server http://127.0.0.1:8080)")
                    .into()
            });
        };
        let key = secret::load(data).map_err(|error| format!("{}: {error}", data.display()))?;
        Ok(Self::Running(Box::new(Service::new(server, Some(key))?)))
    }

    pub async fn extent(&self) -> Result<Option<Extent>, Failure> {
        match self {
            Self::Folder(app) => Ok(extent(app).await?),
            Self::Running(service) => service.extent().await,
        }
    }

    /// The root of the first so many commits; `None` if there are not so many.
    pub async fn root(&self, size: u64) -> Result<Option<Hash>, Failure> {
        match self {
            Self::Folder(app) => Ok(app.log.tree().read().unwrap_or_else(PoisonError::into_inner).root(size)),
            Self::Running(service) => service.root(size).await,
        }
    }

    pub async fn page(&self, from: u64) -> Result<Page, Failure> {
        match self {
            Self::Folder(app) => Ok(Page::read(app, Position(from)).await?),
            Self::Running(service) => service.page(from).await,
        }
    }

    /// Copies a file unless it is there: the bytes that were written.
    pub async fn copy_file(&self, sha256: Hash, folder: &Path) -> Result<u64, Failure> {
        let written = match self {
            Self::Folder(app) => app.files.copy(sha256, folder).await,
            Self::Running(_) if copied(sha256, folder).await? => Ok(0),
            Self::Running(service) => {
                let pieces = service.file(sha256).await?;
                let pieces =
                    pieces.ok_or_else(|| format!("the file {sha256} is not where files are stored"))?;
                write_copy(sha256, pieces, folder).await
            }
        };
        written.map_err(|error| format!("the file {sha256} cannot be copied: {error}").into())
    }

    pub async fn close(&self) {
        if let Self::Folder(app) = self {
            app.stop().await;
        }
    }
}
