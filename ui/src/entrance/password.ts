/** What is met so far. Hints only: the core and the server judge (`domain::password`). */
export interface PasswordRules {
  length: boolean;
  lettersAndDigits: boolean;
  variety: boolean;
  same: boolean;
}

export function passwordRules(password: string, repeat: string): PasswordRules {
  const signs = [...password];
  return {
    length: signs.length >= 8,
    lettersAndDigits: /\p{L}/u.test(password) && /[0-9]/.test(password),
    variety: new Set(signs).size >= 4,
    same: password !== "" && password === repeat,
  };
}
