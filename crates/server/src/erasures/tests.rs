//! Erasures before a seal, and beside an upload of the same bytes.

use crate::{
    scene::{Given, MAY, given, meta},
    sealer,
};
use agenda::{id::ItemId, meeting::MeetingCommand};
use axum::body::Body;
use std::time::Duration;

async fn done(given: &Given, number: u8, command: MeetingCommand) -> Option<[u8; 16]> {
    given.app.command(MAY, &meta(number, "sofie"), &command).await.unwrap().created
}

async fn published(given: &Given) {
    done(given, 40, MeetingCommand::Freeze { reason: "Klar".into() }).await;
    done(given, 41, MeetingCommand::Publish).await;
}

fn erase(item: ItemId) -> MeetingCommand {
    MeetingCommand::EraseItem { item, reason: "Bedt om af borgeren".into(), planned: false }
}

#[tokio::test]
async fn an_edition_whose_words_went_before_it_was_sealed_is_not_waited_for() {
    let given = given().await;
    published(&given).await;
    let missing = || given.app.directory.seals(|seals| seals.missing().len());
    assert_eq!(missing(), 1);
    done(&given, 42, erase(given.place.item)).await;
    let sealing = tokio::spawn(sealer::run(given.app.clone()));
    tokio::time::timeout(Duration::from_secs(60), async {
        while missing() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("it is still waited for");
    assert_eq!(given.app.directory.seals(|seals| seals.newest((MAY, 1))), None);
    sealing.abort();
}

#[tokio::test]
async fn a_file_that_is_being_attached_elsewhere_is_not_erased() {
    let given = given().await;
    let files = &given.app.files;
    let arrived = || files.take_in("kort.txt", Body::from("Et kort\n"));
    let attach = |item, file| MeetingCommand::AttachFile { item, name: "Kort".into(), file };
    let (file, naming) = arrived().await.unwrap();
    done(&given, 30, attach(given.place.item, file.clone())).await;
    drop(naming);
    published(&given).await;
    done(&given, 43, MeetingCommand::OpenSupplement { reason: "Et punkt mere".into() }).await;
    let add = MeetingCommand::AddItem {
        title: "Gangsti".into(),
        journal_number: None,
        minutes: None,
        item_type: None,
        source: None,
    };
    let other = ItemId::from_bytes(done(&given, 44, add).await.unwrap());
    let (_, naming) = arrived().await.unwrap();
    let attaching = async {
        // Long enough for an erasure that waits for nobody.
        tokio::time::sleep(Duration::from_millis(300)).await;
        done(&given, 45, attach(other, file.clone())).await;
        drop(naming);
    };
    tokio::join!(done(&given, 46, erase(given.place.item)), attaching);
    assert!(files.read(&file).await.unwrap().is_some(), "the file of the other item is gone");
}
