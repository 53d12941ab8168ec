//! Where the files of attachments lie, the same settings for every command that needs the files; and the bucket
//! of a mirror.

use clap::Args;
use server::files::{Credentials, S3Settings};

#[derive(Args)]
pub struct FileArguments {
    /// Attachments lie in this bucket instead of the data folder. The credentials are
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    #[arg(long, env = "DAGSORDEN_S3_BUCKET")]
    s3_bucket: Option<String>,
    /// "https://s3.example.dk", where the bucket is not Amazon's.
    #[arg(long, env = "DAGSORDEN_S3_ENDPOINT", requires = "s3_bucket")]
    s3_endpoint: Option<String>,
    #[arg(long, env = "DAGSORDEN_S3_REGION", requires = "s3_bucket")]
    s3_region: Option<String>,
}

impl FileArguments {
    /// The object store; `None`: the data folder.
    pub fn s3(&self) -> Option<S3Settings> {
        let bucket = self.s3_bucket.clone()?;
        let (endpoint, region) = (self.s3_endpoint.clone(), self.s3_region.clone());
        Some(S3Settings { bucket, endpoint, region, credentials: None })
    }
}

#[derive(Args)]
pub struct MirrorArguments {
    /// A bucket on other hands that gets a second copy of the record as it grows, in objects that are only ever
    /// created. The credentials are DAGSORDEN_MIRROR_S3_ACCESS_KEY_ID and DAGSORDEN_MIRROR_S3_SECRET_ACCESS_KEY; they
    /// need to create, list and read.
    #[arg(long, env = "DAGSORDEN_MIRROR_S3_BUCKET")]
    mirror_s3_bucket: Option<String>,
    /// "https://s3.example.dk", where the bucket is not Amazon's.
    #[arg(long, env = "DAGSORDEN_MIRROR_S3_ENDPOINT", requires = "mirror_s3_bucket")]
    mirror_s3_endpoint: Option<String>,
    #[arg(long, env = "DAGSORDEN_MIRROR_S3_REGION", requires = "mirror_s3_bucket")]
    mirror_s3_region: Option<String>,
}

impl MirrorArguments {
    /// The bucket; `None`: no mirror in one.
    pub fn s3(&self) -> Result<Option<S3Settings>, String> {
        let Some(bucket) = self.mirror_s3_bucket.clone() else { return Ok(None) };
        // Never on the command line, where others on the machine could read it.
        let given = |name: &str| {
            let name = format!("DAGSORDEN_MIRROR_S3_{name}");
            std::env::var(&name).map_err(|_| format!("--mirror-s3-bucket needs {name} in the environment"))
        };
        let credentials =
            Some(Credentials { id: given("ACCESS_KEY_ID")?, secret: given("SECRET_ACCESS_KEY")? });
        let (endpoint, region) = (self.mirror_s3_endpoint.clone(), self.mirror_s3_region.clone());
        Ok(Some(S3Settings { bucket, endpoint, region, credentials }))
    }
}
