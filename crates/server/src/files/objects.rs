//! Files in an object store that speaks S3, one object each, named by SHA-256. The store promises
//! that an object is whole and durable when it says that it has it.

use super::store::{ByteStream, FileStore};
use agenda::id::Hash;
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use object_store::{Error, ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, path::Path as Place};
use std::{io, path::Path, sync::Arc};

/// Where the objects lie. Who asks for them is in the environment, as S3's tools have it:
/// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    pub bucket: String,
    /// "https://s3.example.dk"; `None`: that of the region.
    pub endpoint: Option<String>,
    pub region: Option<String>,
}

pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

impl Objects {
    pub fn s3(settings: &S3Settings) -> io::Result<Self> {
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(&settings.bucket);
        if let Some(region) = &settings.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = &settings.endpoint {
            // One beside the service may speak plain HTTP; its address says so.
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self { store: Arc::new(builder.build().map_err(io::Error::other)?) })
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::store::conformance;
    use object_store::memory::InMemory;

    #[tokio::test]
    async fn an_object_store_keeps_files() {
        conformance::passes(&Objects { store: Arc::new(InMemory::new()) }).await;
    }

    #[test]
    fn what_s3_is_told_makes_a_store() {
        let settings = S3Settings {
            bucket: "bilag".into(),
            endpoint: Some("http://127.0.0.1:9000".into()),
            region: Some("eu-north-1".into()),
        };
        assert!(Objects::s3(&settings).is_ok());
    }
}
