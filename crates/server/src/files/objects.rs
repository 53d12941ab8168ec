//! Files in an object store that speaks S3, one object each, named by SHA-256. The store promises
//! that an object is whole and durable when it says that it has it.

use super::store::{ByteStream, FileStore};
use agenda::id::Hash;
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use object_store::{Error, ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, path::Path as Place};
use std::{fmt, io, path::Path, sync::Arc};

/// Where the objects lie, and who asks for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    pub bucket: String,
    /// "https://s3.example.dk"; `None`: that of the region.
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// `None`: those of the environment, as S3's tools have them: `AWS_ACCESS_KEY_ID` and
    /// `AWS_SECRET_ACCESS_KEY`.
    pub credentials: Option<Credentials>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub id: String,
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The object store of the settings. Who asks is told in every request; nothing is asked yet.
pub fn s3(settings: &S3Settings) -> io::Result<Arc<dyn ObjectStore>> {
    let mut builder = match &settings.credentials {
        None => AmazonS3Builder::from_env(),
        Some(own) => AmazonS3Builder::new().with_access_key_id(&own.id).with_secret_access_key(&own.secret),
    };
    builder = builder.with_bucket_name(&settings.bucket);
    if let Some(region) = &settings.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &settings.endpoint {
        // One beside the service may speak plain HTTP; its address says so.
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    Ok(Arc::new(builder.build().map_err(io::Error::other)?))
}

pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

impl Objects {
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store }
    }
}

fn place(sha256: Hash) -> Place {
    Place::from(format!("files/{sha256}"))
}

impl FileStore for Objects {
    fn put<'a>(&'a self, sha256: Hash, path: &'a Path) -> BoxFuture<'a, io::Result<()>> {
        async move {
            let bytes = tokio::fs::read(path).await?;
            self.store.put(&place(sha256), bytes.into()).await.map(drop).map_err(io::Error::other)
        }
        .boxed()
    }

    fn get(&self, sha256: Hash) -> BoxFuture<'_, io::Result<Option<ByteStream>>> {
        async move {
            match self.store.get(&place(sha256)).await {
                Ok(found) => Ok(Some(found.into_stream().map_err(io::Error::other).boxed())),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(io::Error::other(error)),
            }
        }
        .boxed()
    }

    fn erase(&self, sha256: Hash) -> BoxFuture<'_, io::Result<()>> {
        async move {
            match self.store.delete(&place(sha256)).await {
                Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(io::Error::other(error)),
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::store::conformance;
    use client::{S3_KEY, S3_SECRET, s3_server};

    const BUCKET: &str = "bilag";

    fn asked_by(secret: &str, endpoint: String) -> Objects {
        let settings = S3Settings {
            bucket: BUCKET.into(),
            endpoint: Some(endpoint),
            region: Some("eu-north-1".into()),
            credentials: Some(Credentials { id: S3_KEY.into(), secret: secret.into() }),
        };
        Objects::new(s3(&settings).unwrap())
    }

    #[tokio::test]
    async fn an_s3_server_keeps_files() {
        let folder = tempfile::tempdir().unwrap();
        let endpoint = s3_server(folder.path(), BUCKET).await.unwrap();
        conformance::passes(&asked_by(S3_SECRET, endpoint)).await;
    }

    #[tokio::test]
    async fn who_has_not_the_secret_is_told_of_an_error_and_not_that_a_file_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let wrong = asked_by("en anden", s3_server(folder.path(), BUCKET).await.unwrap());
        let file = folder.path().join("file");
        std::fs::write(&file, b"x").unwrap();
        assert!(wrong.put(Hash([1; 32]), &file).await.is_err());
        assert!(wrong.get(Hash([1; 32])).await.is_err());
    }
}
