//! What makes a second phone known: the PIN, and the first phone.

use super::*;

#[tokio::test]
async fn the_pin_makes_a_second_phone_known_and_guessing_it_ends_soon() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        own.registers(&app).await;
        let mut second = Device::new(&someone.secret, 2);
        second.registers(&app).await;
        second
            .pin(&app, Method::POST, "281946")
            .await
            .assert_problem(Code::DevicePinWrong);
        let weak = own.pin(&app, Method::PUT, "123456").await;
        assert_eq!(weak.json::<Problem>().errors[0].code, "weak");
        assert_eq!(
            own.pin(&app, Method::PUT, "281946").await.status,
            StatusCode::NO_CONTENT
        );
        let answer = second.pin(&app, Method::POST, "281946").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(second.reads(&app).await.is_ok());
        let told = own.reads(&app).await.unwrap();
        let told: Vec<_> = told.seen_by.iter().map(|s| (&*s.role, &*s.what)).collect();
        assert!(told.contains(&("device", "mine_opened")), "{told:?}");

        // A stranger guesses from many devices, all at once: five tries in all.
        let mut guesses = Vec::new();
        for number in 100..120 {
            let mut device = Device::new(&someone.secret, number);
            device.registers(&app).await;
            guesses.push(device);
        }
        let tried = guesses.iter().map(|d| d.pin(&app, Method::POST, "999999"));
        let tried = futures_util::future::join_all(tried).await;
        let wrong = tried
            .iter()
            .filter(|a| a.json::<Problem>().code == Code::DevicePinWrong)
            .count();
        assert!(wrong <= 4, "{wrong}");
        guesses[0]
            .pin(&app, Method::POST, "281946")
            .await
            .assert_problem(Code::DevicePinBlocked);
        // The known one was here: it works again.
        own.reads(&app).await.unwrap();
        assert_eq!(
            guesses[0].pin(&app, Method::POST, "281946").await.status,
            StatusCode::OK
        );
    })
    .await;
}

#[tokio::test]
async fn the_first_phone_lets_another_in_for_ten_minutes_and_once() {
    on_both(|app| async move {
        let someone = newcomer(&app).await;
        let mut own = Device::new(&someone.secret, 1);
        own.registers(&app).await;
        let another = async || -> String {
            let answer = own
                .ask(&app, Method::POST, paths::DEVICE_ANOTHER, None)
                .await;
            let answer: AnotherDevice = answer.json();
            assert!(answer.qr_svg.contains("<svg"));
            answer.link.split_once('#').unwrap().1.to_owned()
        };
        let secret = another().await;
        assert!(Device::new(&secret, 2).registers(&app).await);
        assert!(!Device::new(&secret, 3).registers(&app).await, "once");
        let late = another().await;
        app.clock.advance(Duration::from_secs(601));
        assert!(!Device::new(&late, 4).registers(&app).await, "ten minutes");
        let (first, second) = (another().await, another().await);
        Device::new(&first, 5)
            .ask(&app, Method::GET, paths::OCCASION, None)
            .await
            .assert_problem(Code::AuthSecretEnded);
        assert!(Device::new(&second, 5).registers(&app).await);
    })
    .await;
}
