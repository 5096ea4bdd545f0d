//! Who works for the utility. Whoever of them signs in is, for sessions and operations, a person whose id is that of the
//! staff.

mod dismissal;

pub use dismissal::{dismiss, replace_password};

use crate::params;
use crate::storage::{Row, Sql, StoreError, Tx, Value};
use domain::{DepartmentId, PersonName, StaffId, UserId};
use wire::desk::{Role, Staff, Work};
use wire::entity::{Entity, Profile};
use wire::feed::{Change, Scope};

/// Somebody who works, or worked, here.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// What they sign in with.
    pub login: String,
    /// ФИО.
    pub name: String,
    /// «Диспетчер АДС»; may be empty.
    pub post: String,
    /// Their department.
    pub department: Option<DepartmentId>,
    /// What they may do in the program.
    pub roles: Vec<Role>,
    /// Whether they still work here.
    pub active: bool,
}

const COLUMNS: &str = "id, login, name, post, department, role, removed_ms FROM staff";

/// One of the staff, also one who left.
pub fn member(sql: &mut dyn Sql, id: StaffId) -> Result<Option<Member>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} WHERE id = $1"), params![id])?;
    row.map(|row| read(&row)).transpose()
}

/// The one with this login.
pub fn by_login(sql: &mut dyn Sql, login: &str) -> Result<Option<Member>, StoreError> {
    let row = sql.first(&format!("SELECT {COLUMNS} WHERE login = $1"), params![login])?;
    row.map(|row| read(&row)).transpose()
}

/// The person, as one of those who work here now.
pub fn at_work(sql: &mut dyn Sql, user: UserId) -> Result<Option<Member>, StoreError> {
    Ok(member(sql, StaffId::new(user.uuid()))?.filter(|member| member.active))
}

/// Login, words of the roles and name of all who work here, by login.
pub fn listed(sql: &mut dyn Sql) -> Result<Vec<(String, String, String)>, StoreError> {
    let rows = sql.query("SELECT login, role, name FROM staff WHERE removed_ms IS NULL ORDER BY login", &[])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

fn read(row: &Row) -> Result<Member, StoreError> {
    let roles: String = row.get(5)?;
    let removed_ms: Option<i64> = row.get(6)?;
    let role = |word: &str| match word {
        "dispatcher" => Some(Role::Dispatcher),
        "support" => Some(Role::Support),
        "editor" => Some(Role::Editor),
        // A cashier: the workplace does not exist yet.
        _ => None,
    };
    Ok(Member {
        id: row.get(0)?,
        login: row.get(1)?,
        name: row.get(2)?,
        post: row.get(3)?,
        department: row.get(4)?,
        roles: roles.split(',').filter_map(role).collect(),
        active: removed_ms.is_none(),
    })
}

impl Member {
    /// As whom they sign in.
    pub fn user(&self) -> UserId {
        UserId::new(self.id.uuid())
    }

    /// Whether they may do this.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// What they see beside what everybody sees.
    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.roles.iter().map(|role| match role {
            Role::Dispatcher => Scope::Desk,
            Role::Support => Scope::SupportDesk,
            Role::Editor => Scope::Editors,
        })
    }

    /// «Ильина А. С.», for lists.
    pub fn short_name(&self) -> String {
        PersonName::shortened(&self.name)
    }

    /// «Ильина, диспетчер АДС»: how residents read who answered.
    pub fn signature(&self) -> String {
        let surname = self.name.split_whitespace().next().unwrap_or_default();
        let post = match (self.post.as_str(), self.roles.first()) {
            ("", Some(Role::Dispatcher)) => "диспетчер".to_owned(),
            ("", Some(Role::Support)) => "поддержка".to_owned(),
            (post, _) => lower_first(post),
        };
        if post.is_empty() { surname.to_owned() } else { format!("{surname}, {post}") }
    }

    fn entity(&self) -> Staff {
        Staff {
            id: self.id,
            name: self.short_name(),
            post: self.post.clone(),
            department: self.department,
            roles: self.roles.clone(),
            active: self.active,
        }
    }

    /// As they see themselves.
    pub fn profile(&self) -> Profile {
        let (post, roles) = (self.post.clone(), self.roles.clone());
        let work = Work { staff: self.id, post, department: self.department, roles };
        Profile {
            id: self.user(),
            name: self.name.clone(),
            phone: self.login.clone(),
            email: String::new(),
            work: Some(work),
        }
    }
}

fn lower_first(post: &str) -> String {
    let mut signs = post.chars();
    let Some(first) = signs.next() else { return String::new() };
    // «АДС» stays as it is.
    match signs.clone().next() {
        Some(second) if second.is_uppercase() => post.to_owned(),
        _ => first.to_lowercase().chain(signs).collect(),
    }
}

/// Tells the colleagues of somebody, and them of themselves.
pub fn publish(tx: &mut Tx<'_>, member: &Member) {
    tx.emit(Scope::Desk, None, Change::Put { entity: Entity::Staff(member.entity()) });
    tx.emit(Scope::User(member.user()), None, Change::Put { entity: Entity::Profile(member.profile()) });
}

/// Tells the colleagues of those whom they do not know yet: who was added by an older server.
pub fn publish_unknown(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let rows = tx.query(
        &format!(
            "SELECT {COLUMNS} WHERE NOT EXISTS
                 (SELECT 1 FROM mirror WHERE mirror.scope = $1 AND mirror.id = staff.id)"
        ),
        params![Scope::Desk],
    )?;
    for row in rows {
        publish(tx, &read(&row)?);
    }
    Ok(())
}

/// Somebody new.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// What they sign in with.
    pub login: String,
    /// ФИО.
    pub name: PersonName,
    /// The post.
    pub post: String,
    /// The department.
    pub department: Option<DepartmentId>,
    /// The words of their roles.
    pub roles: String,
    /// The hash of their password; empty for somebody who does not sign in.
    pub password: String,
}

/// Adds somebody; `None` when the login is taken.
pub fn add(tx: &mut Tx<'_>, newcomer: &Newcomer) -> Result<Option<Member>, StoreError> {
    let now = tx.now_ms();
    // Not of a time: as a person's id it stands beside those of residents.
    let id = tx.id_v4();
    let added = tx.execute(
        "INSERT INTO staff (id, login, name, role, password, created_ms, post, department)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (login) DO NOTHING",
        params![
            id,
            &newcomer.login,
            newcomer.name.as_str(),
            &newcomer.roles,
            &newcomer.password,
            now,
            &newcomer.post,
            Value::from(newcomer.department),
        ],
    )?;
    if added == 0 {
        return Ok(None);
    }
    let member = member(tx, StaffId::new(id))?.ok_or(StoreError::Column(0))?;
    publish(tx, &member);
    Ok(Some(member))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_reads_who_answered_by_surname_and_post() {
        let of = |post: &str, roles: &[Role]| Member {
            id: StaffId::new(uuid::Uuid::nil()),
            login: "ilina".into(),
            name: "Ильина Анна Сергеевна".into(),
            post: post.into(),
            department: None,
            roles: roles.to_vec(),
            active: true,
        };
        assert_eq!(of("Диспетчер АДС", &[Role::Dispatcher]).signature(), "Ильина, диспетчер АДС");
        assert_eq!(of("", &[Role::Support]).signature(), "Ильина, поддержка");
        assert_eq!(of("АДС", &[]).signature(), "Ильина, АДС");
        assert_eq!(of("", &[]).signature(), "Ильина");
        assert_eq!(of("", &[]).short_name(), "Ильина А. С.");
    }
}
