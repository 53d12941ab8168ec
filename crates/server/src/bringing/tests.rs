//! Moves that are asked for twice, cut in two, overtaken, and refused.

use super::*;
use crate::scene::{Given, JUNE, MAY, given, meta, opened, write};
use agenda::id::ForumId;
use jiff::civil::{date, time};

/// Items on the agendas of May and June.
async fn listed(app: &App) -> (usize, usize) {
    let count = |id| app.read_room(id, |room| room.meeting().items.len());
    (count(MAY).await.unwrap(), count(JUNE).await.unwrap())
}

#[tokio::test]
async fn a_move_is_carried_out_once_however_often_it_is_asked_for() {
    let given = given().await;
    let app = &given.app;
    let moved = app.move_item(&meta(9, "sofie"), given.place, JUNE, "Udsat".into()).await.unwrap();
    let again = app.move_item(&meta(9, "sofie"), given.place, JUNE, "Udsat".into()).await.unwrap();
    assert_eq!(moved, again);
    assert_eq!(listed(app).await, (0, 1));
    assert_eq!(app.directory.in_transit(), []);
    let gone = app.read_room(MAY, |room| room.meeting().withdrawn[0].moved_to).await.unwrap().unwrap();
    assert_eq!((gone.meeting, Some(*gone.item.as_bytes())), (JUNE, moved.created));
}

#[tokio::test]
async fn a_move_that_was_cut_in_two_is_finished_at_the_next_start() {
    let Given { app, log, folder, place } = given().await;
    let arrival = CommandMeta { id: part(meta(9, "sofie").id, "arrival"), ..meta(9, "sofie") };
    app.arrive(&arrival, place, JUNE, "Udsat").await.unwrap().unwrap();
    assert_eq!(listed(&app).await, (1, 1), "in both, never in none");
    app.rooms.stop().await;
    let app = opened(&log, folder.path()).await;
    assert_eq!(app.directory.in_transit().len(), 1);
    app.finish_moves().await;
    assert_eq!(listed(&app).await, (0, 1));
    assert_eq!(app.directory.in_transit(), []);
    // Whoever asked asks again, and is answered as if nothing had happened.
    app.move_item(&meta(9, "sofie"), place, JUNE, "Udsat".into()).await.unwrap();
    assert_eq!(listed(&app).await, (0, 1));
}

#[tokio::test]
async fn what_is_written_meanwhile_stays_with_the_item_and_the_move_is_taken_back() {
    let given = given().await;
    let app = &given.app;
    let arrival = CommandMeta { id: part(meta(9, "sofie").id, "arrival"), ..meta(9, "sofie") };
    let moving = app.arrive(&arrival, given.place, JUNE, "").await.unwrap().unwrap();
    app.command(MAY, &meta(10, "bo"), &write(given.place.item)).await.unwrap();
    let refused = app.depart(&moving).await;
    assert!(matches!(refused, Err(CommandError::Rejected(Rejection::WrittenMeanwhile))));
    assert_eq!(listed(app).await, (1, 0));
    let again = app.move_item(&meta(9, "sofie"), given.place, JUNE, String::new()).await;
    assert!(matches!(again, Err(CommandError::Rejected(Rejection::WrittenMeanwhile))));
    app.move_item(&meta(11, "sofie"), given.place, JUNE, String::new()).await.unwrap();
    assert_eq!(listed(app).await, (0, 1));
}

#[tokio::test]
async fn what_cannot_be_done_changes_neither_meeting() {
    let given = given().await;
    let app = &given.app;
    let rejected = |done: Result<Done, CommandError>| match done {
        Err(CommandError::Rejected(rejection)) => rejection,
        other => panic!("not rejected: {other:?}"),
    };
    let Place { item, .. } = given.place;
    let nowhere = MeetingId::from_bytes([7; 16]);
    let sofie = meta(20, "sofie");
    let to = |to| app.move_item(&sofie, given.place, to, String::new());
    assert_eq!(rejected(to(nowhere).await), Rejection::Unknown("møde"));
    assert_eq!(rejected(to(MAY).await), Rejection::SameMeeting);
    let by_bo = app.move_item(&meta(21, "bo"), given.place, JUNE, String::new()).await;
    assert_eq!(rejected(by_bo), Rejection::NeedsSecretariat);
    let unknown = Place { meeting: MAY, item: ItemId::from_bytes([9; 16]) };
    assert_eq!(rejected(app.copy_item(&meta(22, "bo"), unknown, JUNE).await), Rejection::UnknownItem);
    let other = ForumId::from_bytes([2; 16]);
    app.forums.found(other, "Direktørforum", &meta(23, "sofie"), "Sofie").await.unwrap();
    let (forum, theirs) = (app.forums.get(other).unwrap(), MeetingId::from_bytes([8; 16]));
    let details = (date(2027, 7, 1), time(9, 0, 0, 0), "");
    app.schedule(&forum, theirs, &meta(24, "sofie"), details, None).await.unwrap();
    assert_eq!(rejected(to(theirs).await), Rejection::OtherForum);
    let from_there = Place { meeting: theirs, item };
    assert_eq!(rejected(app.copy_item(&meta(25, "bo"), from_there, JUNE).await), Rejection::Unknown("møde"));
    assert_eq!(listed(app).await, (1, 0));
    app.copy_item(&meta(26, "bo"), given.place, JUNE).await.unwrap();
    let freeze = MeetingCommand::Freeze { reason: String::new() };
    app.command(JUNE, &meta(27, "sofie"), &freeze).await.unwrap();
    let shut = app.move_item(&meta(28, "sofie"), given.place, JUNE, String::new()).await;
    assert_eq!(rejected(shut), Rejection::OtherAgendaShut);
    assert_eq!(listed(app).await, (1, 1));
}
