//! What happens to people in the year: drawn at random, and the same at every run.

use std::collections::BTreeMap;

use bedring_domain::consent::{Purpose, Scope};
use bedring_domain::journal::Event;
use bedring_server::calendar;
use bedring_server::ports::Clock;
use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use crate::people::Member;
use crate::support::seed;
use crate::world::{STEP_MINUTES, World};

const SEED: u64 = 20_260_302;
const PEOPLE: usize = 500;
const DAYS: u64 = 365;
const STEPS_A_DAY: u64 = 24 * 60 / STEP_MINUTES;

/// Numbers that look random (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What may happen to somebody, or to all.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Answers(usize, usize),
    Refuses(usize),
    Withdraws(usize, Scope),
    NoReminders(usize),
    Chooses(usize, &'static str, &'static str),
    Bounces(usize),
    NewAddress(usize),
    Project(usize, bool),
    MailServer { down: bool },
    SetBack(u64),
}

/// The year, from the first day to the last.
pub async fn live(world: &mut World) {
    let mut dice = Dice(SEED);
    let members = people(world, &mut dice);
    world.settle(members).await;
    let ticks = DAYS * STEPS_A_DAY;
    let begin = json!({ "step_minutes": STEP_MINUTES, "ticks": ticks });
    world.happened("begin", begin);
    for (who, member) in world.members.iter().enumerate() {
        let own = member.email.iter().filter(|e| e.starts_with('p'));
        own.filter(|_| who % 29 == 0)
            .for_each(|e| world.mailer.does_not_know(e));
    }
    introduce(world).await;
    let mut agenda = agenda(world, &mut dice);
    while world.tick < ticks {
        for turn in agenda.remove(&world.tick).unwrap_or_default() {
            happen(world, turn).await;
        }
        world.turn().await;
    }
}

fn people(world: &World, dice: &mut Dice) -> Vec<Member> {
    let first = calendar::day_of(world.app.clock.now());
    let mut members: Vec<Member> = Vec::new();
    while members.len() < PEOPLE {
        let i = members.len();
        let email = match dice.below(100) {
            0..8 => None,
            // Families and homes with one address, which not all type alike.
            8..14 => Some(format!("Hjemmet{}@people.example", dice.below(12))),
            14..20 => Some(format!("hjemmet{}@people.example", dice.below(12))),
            _ => Some(format!("p{i}@people.example")),
        };
        let project = usize::try_from(dice.below(5)).unwrap();
        members.push(member(world, dice, first, project, email.clone()));
        // In a second project at the same time.
        if email.is_some() && dice.percent(6) {
            members.push(member(world, dice, first, (project + 1) % 5, email));
            let (a, b) = members.split_at_mut(i + 1);
            let name = b[0].name.clone();
            b[0].occasions.truncate(1);
            b[0].occasions[0].due = a[i].occasions[0].due;
            assert_ne!(name, a[i].name);
        }
    }
    members
}

fn member(
    world: &World,
    dice: &mut Dice,
    first: NaiveDate,
    project: usize,
    email: Option<String>,
) -> Member {
    let mut due = first + TimeDelta::days(i64::try_from(1 + dice.below(330)).unwrap());
    let mut days = Vec::new();
    for _ in 0..2 {
        let closes = dice.percent(30).then(|| due + TimeDelta::days(9));
        days.push((due, closes));
        due += TimeDelta::days(90);
        if due > first + TimeDelta::days(340) {
            break;
        }
    }
    let mut name = [0; 8];
    world.app.state.random.fill(&mut name);
    let name = format!("p{:x}", u64::from_be_bytes(name));
    Member::new(&world.app, name, project, email, &days)
}

/// Everybody says what they say in the beginning, and the model gets to know them.
async fn introduce(world: &mut World) {
    for who in 0..world.members.len() {
        let member = world.members[who].clone();
        if let Some(email) = member.email.clone() {
            let yes = [Purpose::Evaluation, Purpose::Reminders].map(|p| seed::consent(p, true));
            let [evaluation, reminders] = yes;
            let contact = Event::ContactGiven { email };
            world.says(who, vec![evaluation, reminders, contact]).await;
        }
        let line = json!({
            "person": member.name, "project": member.project, "address": member.email, "reminders": member.email.is_some(),
        });
        world.happened("person", line);
        for planned in member.occasions {
            let line = json!({
                "occasion": planned.name, "person": member.name, "due": planned.due, "closes": planned.closes,
            });
            world.happened("occasion", line);
        }
    }
}

/// What happens at which step.
fn agenda(world: &World, dice: &mut Dice) -> BTreeMap<u64, Vec<Turn>> {
    let mut agenda: BTreeMap<u64, Vec<Turn>> = BTreeMap::new();
    let first = calendar::day_of(world.app.clock.now());
    let mut at = |day: i64, step: u64, turn: Turn| {
        let tick = u64::try_from(day.max(0)).unwrap() * STEPS_A_DAY + step + 1;
        agenda.entry(tick).or_default().push(turn);
    };
    for (who, member) in world.members.iter().enumerate() {
        for (which, planned) in member.occasions.iter().enumerate() {
            let due = (planned.due - first).num_days();
            let step = dice.below(STEPS_A_DAY);
            let later = i64::try_from(dice.below(20)).unwrap();
            match dice.below(100) {
                _ if member.email.is_none() => {}
                0..30 => at(due - 1 - later, step, Turn::Answers(who, which)),
                30..60 => at(due + later, step, Turn::Answers(who, which)),
                _ => {}
            }
            let step = dice.below(STEPS_A_DAY);
            let day = due + i64::try_from(dice.below(16)).unwrap() - 1;
            if let Some(turn) = person_turn(dice, who, member.email.is_some()) {
                at(day, step, turn);
            }
        }
    }
    for (day, hours) in [(40, 5), (95, 9), (150, 7 * 24), (260, 30)] {
        let begins = dice.below(STEPS_A_DAY);
        at(day, begins, Turn::MailServer { down: true });
        let ends = begins + hours * 60 / STEP_MINUTES;
        at(day, ends, Turn::MailServer { down: false });
    }
    at(70, 6, Turn::SetBack(90));
    at(210, 9, Turn::SetBack(2 * 24 * 60));
    at(300, 40, Turn::SetBack(26 * 60 + 30));
    at(100, 5, Turn::Project(1, false));
    at(130, 30, Turn::Project(1, true));
    at(200, 3, Turn::Project(2, false));
    at(230, 3, Turn::Project(2, true));
    at(240, 3, Turn::Project(3, false));
    agenda
}

fn person_turn(dice: &mut Dice, who: usize, said_yes: bool) -> Option<Turn> {
    if !said_yes {
        return dice.percent(40).then_some(Turn::Refuses(who));
    }
    Some(match dice.below(100) {
        0..3 => Turn::Withdraws(who, Scope::StopAsking),
        3..5 => Turn::Withdraws(who, Scope::StopUsing),
        5..7 => Turn::Withdraws(who, Scope::Erase),
        7..11 => Turn::NoReminders(who),
        11..17 => Turn::Chooses(who, "never", "never_again"),
        17..24 => Turn::Chooses(who, "later_today", "later_today"),
        24..32 => Turn::Chooses(who, "in_a_week", "in_a_week"),
        32..38 => Turn::Bounces(who),
        38..43 => Turn::NewAddress(who),
        _ => return None,
    })
}

async fn happen(world: &mut World, turn: Turn) {
    match turn {
        Turn::Project(which, active) => world.project(which, active).await,
        Turn::MailServer { down } => world.mail_server(down),
        Turn::SetBack(minutes) => world.set_back(minutes),
        Turn::Answers(who, _)
        | Turn::Refuses(who)
        | Turn::Withdraws(who, _)
        | Turn::NoReminders(who)
        | Turn::Chooses(who, ..)
        | Turn::Bounces(who)
        | Turn::NewAddress(who) => {
            if !world.members[who].over {
                somebody_does(world, who, turn).await;
            }
        }
    }
}

async fn somebody_does(world: &mut World, who: usize, turn: Turn) {
    let person = json!({ "person": world.members[who].name });
    match turn {
        Turn::Answers(_, which) => world.answers(who, which).await,
        Turn::Chooses(_, choice, what) => world.chooses(who, choice, what).await,
        Turn::Bounces(_) => world.bounces(who).await,
        Turn::Refuses(_) => {
            let no = seed::consent(Purpose::Evaluation, false);
            world.says(who, vec![no]).await;
            world.members[who].over = true;
            world.happened("refused", person);
        }
        Turn::Withdraws(_, scope) => {
            world.says(who, vec![seed::withdrawal(scope)]).await;
            world.members[who].over = true;
            world.happened("withdrawn", person);
        }
        Turn::NoReminders(_) => {
            let no = seed::consent(Purpose::Reminders, false);
            world.says(who, vec![no]).await;
            world.members[who].over = true;
            world.happened("no_to_reminders", person);
        }
        Turn::NewAddress(_) => {
            let email = format!("ny-{who}@people.example");
            let contact = Event::ContactGiven {
                email: email.clone(),
            };
            world.says(who, vec![contact]).await;
            world.members[who].email = Some(email.clone());
            let line = json!({ "person": world.members[who].name, "address": email });
            world.happened("new_address", line);
        }
        Turn::Project(..) | Turn::MailServer { .. } | Turn::SetBack(_) => {}
    }
}
