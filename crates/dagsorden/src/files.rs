//! Where the files of attachments lie: the same settings for every command that needs the files.

use clap::Args;
use server::files::S3Settings;

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
        Some(S3Settings { bucket, endpoint: self.s3_endpoint.clone(), region: self.s3_region.clone() })
    }
}
