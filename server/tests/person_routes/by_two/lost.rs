//! A phone that was lost, and staff who end it.

use super::*;

#[tokio::test]
async fn a_lost_phone_that_staff_end_reads_nothing_and_loses_nothing() {
    on_both(|app| async move {
        let project = seed::project(&app).await;
        let other = seed::project(&app).await;
        let someone = answered(&app, project).await;
        let helper = logged_in(&app, Role::Helper, &[project]).await;
        let evaluator = logged_in(&app, Role::Evaluator, &[]).await;
        let elsewhere = logged_in(&app, Role::Helper, &[other]).await;
        let lost = tables::all::<device::Entity>(&app).await.remove(0).id;
        let end = |person: Uuid| path(&path(paths::PERSON_DEVICES_ONE, person), lost);
        let neighbour = seed::someone(&app, project).await;
        for (staff, person, code) in [
            (&evaluator, someone.id, Code::AccessDenied),
            (&elsewhere, someone.id, Code::NotFound),
            (&helper, neighbour.id, Code::NotFound),
        ] {
            let refused = staff.delete(&app, &end(person)).await;
            refused.assert_problem(code);
        }
        phone::mine(&app, &someone).await;
        done(&helper.delete(&app, &end(someone.id)).await);
        let at = tables::row::<device::Entity>(&app, lost).await.ended_at;
        app.clock.advance(Duration::from_secs(60));
        done(&helper.delete(&app, &end(someone.id)).await);
        let row = tables::row::<device::Entity>(&app, lost).await;
        assert_eq!(row.ended_at, at, "it ended when it ended");

        phone::mine_answer(&app, &someone.secret)
            .await
            .assert_problem(Code::DeviceUnknown);
        // What was finished on it comes in; what it wants erased waits, as from any other phone.
        let answers = phone::answers(&app, &someone, "mhrm-30");
        let stored = (Outcome::Stored, None);
        assert_eq!(phone::one(&app, &someone, answers).await, stored);
        phone::say_at(&app, &someone, 20, vec![seed::withdrawal(Scope::Erase)]).await;
        assert!(!is_erased(&app, someone.id).await);
        assert_eq!(tables::count::<erasure_waiting::Entity>(&app).await, 1);
        let rows = tables::all::<audit::Entity>(&app).await;
        let ended: Vec<_> = rows.iter().filter(|r| r.action == "device_ended").collect();
        assert_eq!(ended.len(), 1, "once");
        assert_eq!(ended[0].role, "helper");
        assert_eq!(ended[0].subject, Some(lost.to_string()));
    })
    .await;
}
